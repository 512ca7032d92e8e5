// Discovery and the key set: what the engine leaves out of them, how long they may be kept, and both made once.

import { hash } from 'node:crypto'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Middleware } from './requests.ts'

/** Seconds. The shorter, the sooner a withdrawn key is forgotten; a key is published a day before it signs. */
const cacheControl = { discovery: 'public, max-age=3600', jwks: 'public, max-age=300' } as const

/** As they are announced; the engine answers to other spellings too, and those are not kept. */
const addresses: ReadonlySet<string> = new Set([
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '/oauth/jwks',
])

type Kept = { body: string; headers: { [name: string]: string; etag: string } }

/**
 * The engine makes both anew for every request; for as long as it lives they are the same. So the first
 * answer is kept, for requests without `Origin`: to those with one the engine says who may read it.
 */
export function publishMetadata(parts: {
  /** The engine lists only its own. */
  apiScopes: readonly string[]
  publishedKeys: readonly object[]
}): Middleware {
  const keySet = JSON.stringify({ keys: parts.publishedKeys })
  const kept = new Map<string, Kept>()

  function bodyOf(ctx: KoaContextWithOIDC, route: keyof typeof cacheControl): string {
    if (route === 'jwks') return keySet // the engine's own also names keys that are published no more
    const body = ctx.body as { scopes_supported: string[] } // the engine's discovery document
    return JSON.stringify({
      ...body,
      scopes_supported: [...body.scopes_supported, ...parts.apiScopes],
    })
  }

  return async (ctx, next) => {
    const mayKeep = ctx.method === 'GET' && !ctx.headers.origin && addresses.has(ctx.path)
    const known = mayKeep ? kept.get(ctx.path) : undefined
    if (known) return answer(ctx, known)
    await next()
    const route = ctx.status === 200 ? ctx.oidc?.route : undefined
    if (route !== 'discovery' && route !== 'jwks') return
    const body = bodyOf(ctx, route)
    const headers = {
      'cache-control': cacheControl[route],
      'content-type': ctx.response.get('content-type'),
      etag: `"${hash('sha256', body, 'base64url')}"`,
      vary: 'Origin',
    }
    if (mayKeep) kept.set(ctx.path, { body, headers })
    answer(ctx, { body, headers })
  }
}

/** RFC 9110, 13.1.2: also to who says `no-cache`, as some libraries do by themselves: we are the origin. */
function answer(ctx: KoaContextWithOIDC, { body, headers }: Kept): void {
  const known = ctx.get('if-none-match').split(',')
  const isKnown = known.some((etag) => etag.trim().replace(/^W\//, '') === headers.etag)
  ctx.status = isKnown ? 304 : 200
  ctx.set(headers)
  if (!isKnown) ctx.body = body
}
