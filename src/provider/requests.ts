// What reaches the engine, and what it does not route: bodies read once, POST as GET, unknown paths and methods.

import type { KoaContextWithOIDC } from 'oidc-provider'
import { readBody } from '../shared/request-body.ts'
import type { CheckAccessToken } from './access-tokens.ts'
import { type EnginePages, routes } from './options.ts'
import { replayBody } from './request-body.ts'
import { revoke } from './revocation.ts'
import { mountPathOf } from './seam.ts'
import { introspect, withoutStructuredToken } from './structured-tokens.ts'

type Next = () => Promise<void>
export type Middleware = (ctx: KoaContextWithOIDC, next: Next) => Promise<void>

/** The engine folds case and one trailing slash: so must whatever looks at the path in front of it. */
function foldedPath(path: string): string {
  return path.toLowerCase().replace(/\/$/, '')
}

/** Browsers may be sent to these with a POST (OpenID Connect Core 3.1.2.1, RP-Initiated Logout 2). */
const askedByPost: ReadonlySet<string> = new Set([routes.authorization, routes.end_session])

const aboutTokens: ReadonlySet<string> = new Set([routes.introspection, routes.revocation])

/** A client that has more to say than an address holds pushes its request. */
const MAX_QUERY = 8 * 1024

/**
 * Bodies are read here, so that nothing too large and no NUL reaches the engine. What a browser is sent
 * to with a POST becomes a GET: on that, unlike on a POST from another site, it sends its session's
 * `SameSite=Lax` cookie.
 */
export function checkedBody(checkAccessToken: CheckAccessToken): Middleware {
  /** The engine authenticates who asks; about a JWT we answer. */
  async function aboutToken(ctx: KoaContextWithOIDC, next: Next, text: string): Promise<void> {
    const { form, token } = withoutStructuredToken(text)
    const isQuestion = foldedPath(ctx.path) === routes.introspection
    replayBody(ctx.req, isQuestion ? withHint(form) : form)
    await next()
    if (!token || ctx.status !== 200) return
    if (ctx.oidc.route === 'revocation') await revoke(ctx, token, checkAccessToken)
    else ctx.body = await introspect(ctx, token, checkAccessToken)
  }

  return async (ctx, next) => {
    const path = foldedPath(ctx.path)
    const isForm = ctx.is('application/x-www-form-urlencoded')
    if (ctx.method !== 'POST' || !(isForm || askedByPost.has(path))) return next()
    const body = await readBody(ctx.req)
    if (body.outcome !== 'read')
      return refuse(ctx, body.outcome === 'too-large' ? 413 : 400, 'the request body')
    if (askedByPost.has(path)) return askByGet(ctx, path, body.text)
    if (aboutTokens.has(path)) return aboutToken(ctx, next, body.text)
    replayBody(ctx.req, body.text)
    return next()
  }
}

/**
 * Who asks and does not say what it is has an access token, mostly: so the engine looks for a refresh token, in
 * the other store, only where there is none (RFC 7662, 2.1).
 */
function withHint(form: string): string {
  const isHinted = new URLSearchParams(form).has('token_type_hint')
  return isHinted ? form : `${form}&token_type_hint=access_token`
}

function refuse(ctx: KoaContextWithOIDC, status: number, what: string): void {
  ctx.status = status
  ctx.body = { error: 'invalid_request', error_description: `${what} is not acceptable` }
}

function askByGet(ctx: KoaContextWithOIDC, path: string, form: string): void {
  const query = new URLSearchParams(form).toString()
  if (query.length > MAX_QUERY) return refuse(ctx, 413, 'a request of this size')
  ctx.set('cache-control', 'no-store')
  ctx.status = 303
  ctx.redirect(`${mountPathOf(ctx)}${path}?${query}`)
}

const read = ['GET', 'HEAD']
const post = ['POST', 'OPTIONS']

/** The methods of each path, for those who use another (RFC 9110, 15.5.6). */
const methodsOf: Readonly<Record<string, readonly string[]>> = {
  '/.well-known/openid-configuration': [...read, 'OPTIONS'],
  '/.well-known/oauth-authorization-server': [...read, 'OPTIONS'],
  [routes.jwks]: [...read, 'OPTIONS'],
  [routes.authorization]: [...read, 'POST'],
  [routes.end_session]: [...read, 'POST'],
  [routes.userinfo]: [...read, ...post],
  [routes.token]: post,
  [routes.introspection]: post,
  [routes.revocation]: post,
  [routes.pushed_authorization_request]: post,
}

/** An answer for what the engine passed over. */
export function answerUnrouted(pages: EnginePages): Middleware {
  return async (ctx, next) => {
    await next()
    if (ctx.status !== 404 || ctx.body != null) return
    const allowed = methodsOf[foldedPath(ctx.path)]
    if (allowed) ctx.set('allow', allowed.join(', '))
    const error = allowed
      ? { code: 'invalid_request', description: 'this method is not supported here', status: 405 }
      : { code: 'not_found', description: 'there is nothing at this address', status: 404 }
    if (ctx.accepts('json', 'html') === 'html') return pages.error(ctx, error)
    ctx.status = error.status
    ctx.body = { error: error.code, error_description: error.description }
  }
}
