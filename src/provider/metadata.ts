// Discovery and the key set: what the engine leaves out of them, and how long they may be kept.

import type { Middleware } from './requests.ts'

/** Keys are published a day before they are used: an hour is always fresh enough. */
const CACHE_CONTROL = 'public, max-age=3600'

/** The engine lists only its own scopes. */
export function completeMetadata(apiScopes: readonly string[]): Middleware {
  return async (ctx, next) => {
    await next()
    const route = ctx.status === 200 ? ctx.oidc?.route : undefined
    if (route !== 'discovery' && route !== 'jwks') return
    ctx.set('cache-control', CACHE_CONTROL)
    if (route === 'jwks') return
    const body = ctx.body as { scopes_supported: string[] } // the engine's discovery document
    ctx.body = { ...body, scopes_supported: [...body.scopes_supported, ...apiScopes] }
  }
}
