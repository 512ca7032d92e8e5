// The back end of an application of the house's own: signs its people in, keeps their tokens, and forwards to one API.

import Router from '@koa/router'
import type { Context, Middleware } from 'koa'
import { sendData, sendFailure } from '../../http/envelope.ts'
import { type ErrorHandlerParts, errorHandler } from '../../http/error-handler.ts'
import { isRead } from '../../http/host.ts'
import { refuseForeignWrite } from '../../http/same-origin.ts'
import type { OpenSession } from '../../services/identity/relying-party-sessions.ts'
import { AppError } from '../../shared/errors.ts'
import { mountOf } from '../../shared/issuer.ts'
import { type PartyCookie, partyCookie } from './cookies.ts'
import { ownPath } from './own-path.ts'
import { beginSignIn, finishSignIn, type SignInParts } from './sign-in.ts'

export type RelyingPartyParts = Omit<SignInParts, 'cookies' | 'ownPath' | 'showFailure'> &
  Pick<ErrorHandlerParts, 'log' | 'classify'> & {
    /** Of its cookies: `console`. */
    name: string
    /** The issuer's address, under which it is served. */
    base: string
    /** Below that: `/admin`. */
    path: string
    /** Where the API is that requests below `PATH/api/v1` are forwarded to, and what bodies it takes. */
    api: { path: string; types: readonly string[] }
    pages: {
      failed(ctx: Context, page: { signIn: string; isCancelled: boolean }): void
      signedOut(ctx: Context, page: { signIn: string }): void
    }
  }

export type RelyingParty = {
  routes: Middleware
  /** Who is signed in in this browser, if anybody. */
  sessionOf(ctx: Context): Promise<OpenSession | undefined>
  /** The address that signs in and comes back to a page of its own. */
  signInAddress(returnTo: string): string
  /** Throws 403 for a form that is none of its own pages'. */
  refuseForeignForm(ctx: Context): void
}

const FORM = 'application/x-www-form-urlencoded'
const API = '/api/v1'
/** Below the path: what a browser is not sent back to. */
const NO_PAGES = ['/sign-in', '/callback', '/sign-out', '/signed-out', '/session', '/api']
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

export function createRelyingParty(parts: RelyingPartyParts): RelyingParty {
  const { base, path, sessions, pages } = parts
  const { origin } = new URL(base)
  const at = `${mountOf(base)}${path}` // as browsers see it
  const cookies = {
    session: partyCookie(base, parts.name),
    browser: partyCookie(base, `${parts.name}_sign-in`),
  }
  const signInAddress = (returnTo: string): string =>
    `${at}/sign-in?return_to=${encodeURIComponent(returnTo)}`
  const signIn: SignInParts = {
    ...parts,
    cookies,
    ownPath: (asked) => ownPath(asked, { origin, path: at, noPages: NO_PAGES }),
    showFailure: (ctx, failure) => pages.failed(ctx, { signIn: `${at}/sign-in`, ...failure }),
  }

  async function sessionOf(ctx: Context): Promise<OpenSession | undefined> {
    const cookie = cookies.session.read(ctx)
    const session = cookie === undefined ? undefined : await sessions.open(cookie)
    if (!session) cookies.session.clear(ctx)
    return session
  }

  async function session(ctx: Context): Promise<OpenSession> {
    const found = await sessionOf(ctx)
    if (!found) throw new AppError('invalid_token', { message: 'Nobody is signed in' })
    return found
  }

  /** Sign-out takes forms too: pages without scripts have one. */
  async function signOut(ctx: Context): Promise<void> {
    refuseForeignWrite(ctx, { origin, types: ['application/json', FORM] })
    const cookie = cookies.session.read(ctx)
    if (cookie !== undefined) await sessions.end(cookie)
    cookies.session.clear(ctx)
    ctx.set('Cache-Control', 'no-store')
    const location = `${at}/signed-out`
    if (!ctx.is(FORM)) return sendData(ctx, { location })
    ctx.status = 303
    ctx.redirect(location)
  }

  const forPrograms = errorHandler({ ...parts, answer: sendFailure })
  const router = new Router({ prefix: path })
  router.get('/sign-in', (ctx: Context) => beginSignIn(signIn, ctx))
  router.get('/callback', (ctx: Context) => finishSignIn(signIn, ctx))
  router.get('/signed-out', (ctx: Context) => pages.signedOut(ctx, { signIn: `${at}/sign-in` }))
  router.get('/sign-out', () => {
    throw new AppError('origin_not_allowed') // any page can have a browser ask for an address
  })
  router.post('/sign-out', (ctx: Context) =>
    ctx.is(FORM) ? signOut(ctx) : forPrograms(ctx, () => signOut(ctx)),
  )
  router.get('/session', (ctx: Context) =>
    forPrograms(ctx, async () => sendSession(ctx, await session(ctx))),
  )
  const routes = router.routes() as Middleware // the router's own context type says more than Koa's
  const forward = forwardTo(parts, { origin, session, cookie: cookies.session })
  return {
    routes: (ctx, next) => {
      if (ctx.path.startsWith(`${path}${API}/`)) return forPrograms(ctx, () => forward(ctx, next))
      return routes(ctx, next)
    },
    sessionOf,
    signInAddress,
    refuseForeignForm: (ctx) => refuseForeignWrite(ctx, { origin, types: [FORM] }),
  }
}

function sendSession(ctx: Context, { email, expiresAt }: OpenSession): void {
  ctx.set('Cache-Control', 'no-store')
  sendData(ctx, { email, expires_at: new Date(expiresAt).toISOString() })
}

/**
 * On to the API within this process: the same request under another path, with the token in place of the cookie.
 * Nothing is copied, so that bodies and answers of any length stream, and the API sees who asks.
 */
function forwardTo(
  { path, api }: RelyingPartyParts,
  parts: { origin: string; session(ctx: Context): Promise<OpenSession>; cookie: PartyCookie },
): Middleware {
  return async (ctx, next) => {
    if (!METHODS.includes(ctx.method)) {
      ctx.set('Allow', METHODS.join(', '))
      throw new AppError('method_not_allowed')
    }
    if (!isRead(ctx)) refuseForeignWrite(ctx, { origin: parts.origin, types: api.types })
    const { accessToken } = await parts.session(ctx)
    for (const header of OF_THE_BROWSER) delete ctx.req.headers[header]
    ctx.req.headers.authorization = `Bearer ${accessToken}`
    ctx.url = `${api.path}${ctx.url.slice(`${path}${API}`.length)}`
    await next()
  }
}

/** What the API must not take from a browser. */
const OF_THE_BROWSER = ['cookie', 'authorization', 'dpop']
