// The back end of an application of the house's own: signs its people in, keeps their tokens, and forwards to one API.

import Router from '@koa/router'
import type { Context, Middleware } from 'koa'
import { sendData, sendFailure } from '../../http/envelope.ts'
import { type ErrorHandlerParts, errorHandler } from '../../http/error-handler.ts'
import { isRead } from '../../http/host.ts'
import { refuseForeignWrite } from '../../http/same-origin.ts'
import type {
  OpenSession,
  RelyingPartySessions,
} from '../../services/identity/sessions/relying-party-sessions.ts'
import { AppError } from '../../shared/errors.ts'
import { instantOf } from '../../shared/instants.ts'
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
  const { base, path } = parts
  const { origin } = new URL(base)
  const at = `${mountOf(base)}${path}` // as browsers see it
  const cookies = {
    session: partyCookie(base, parts.name),
    browser: partyCookie(base, `${parts.name}_sign-in`),
  }
  const signedIn = createSignedIn(parts.sessions, cookies.session)
  const signIn: SignInParts = {
    ...parts,
    cookies,
    ownPath: (asked) => ownPath(asked, { origin, path: at, noPages: NO_PAGES }),
    showFailure: (ctx, failure) => parts.pages.failed(ctx, { signIn: `${at}/sign-in`, ...failure }),
  }
  const forPrograms = errorHandler({ ...parts, answer: sendFailure })
  const routes = routesOf(parts, { at, origin, signIn, signedIn, forPrograms })
  const forward = forwardTo(parts, { origin, signedIn })
  return {
    routes: (ctx, next) => {
      if (ctx.path.startsWith(`${path}${API}/`)) return forPrograms(ctx, () => forward(ctx, next))
      return routes(ctx, next)
    },
    sessionOf: signedIn.find,
    signInAddress: (returnTo) => `${at}/sign-in?return_to=${encodeURIComponent(returnTo)}`,
    refuseForeignForm: (ctx) => refuseForeignWrite(ctx, { origin, types: [FORM] }),
  }
}

/** Who is signed in in the browser of a request. */
type SignedIn = {
  find(ctx: Context): Promise<OpenSession | undefined>
  /** Throws 401 when nobody is. */
  need(ctx: Context): Promise<OpenSession>
  end(ctx: Context): Promise<void>
}

function createSignedIn(sessions: RelyingPartySessions, cookie: PartyCookie): SignedIn {
  async function find(ctx: Context): Promise<OpenSession | undefined> {
    const value = cookie.read(ctx)
    const session = value === undefined ? undefined : await sessions.open(value)
    if (!session) cookie.clear(ctx)
    return session
  }
  return {
    find,

    async need(ctx) {
      const found = await find(ctx)
      if (!found) throw new AppError('invalid_token', { message: 'Nobody is signed in' })
      return found
    },

    async end(ctx) {
      const value = cookie.read(ctx)
      if (value !== undefined) await sessions.end(value)
      cookie.clear(ctx)
    },
  }
}

function routesOf(
  { path, pages }: RelyingPartyParts,
  parts: {
    /** The path as browsers see it. */
    at: string
    origin: string
    signIn: SignInParts
    signedIn: SignedIn
    forPrograms: Middleware
  },
): Middleware {
  const { at, origin, signIn, signedIn, forPrograms } = parts
  const router = new Router({ prefix: path })

  /** Takes forms too: pages without scripts have one. */
  async function signOut(ctx: Context): Promise<void> {
    refuseForeignWrite(ctx, { origin, types: ['application/json', FORM] })
    await signedIn.end(ctx)
    ctx.set('Cache-Control', 'no-store')
    const location = `${at}/signed-out`
    if (!ctx.is(FORM)) return sendData(ctx, { location })
    ctx.status = 303
    ctx.redirect(location)
  }

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
    forPrograms(ctx, async () => sendSession(ctx, await signedIn.need(ctx))),
  )
  return router.routes() as Middleware // the router's own context type says more than Koa's
}

function sendSession(ctx: Context, { email, expiresAt }: OpenSession): void {
  ctx.set('Cache-Control', 'no-store')
  sendData(ctx, { email, expires_at: instantOf(expiresAt) })
}

/**
 * On to the API within this process: the same request under another path, with the token in place of the cookie.
 * Nothing is copied, so that bodies and answers of any length stream, and the API sees who asks.
 */
function forwardTo(
  { path, api }: RelyingPartyParts,
  { origin, signedIn }: { origin: string; signedIn: SignedIn },
): Middleware {
  return async (ctx, next) => {
    if (!METHODS.includes(ctx.method)) {
      ctx.set('Allow', METHODS.join(', '))
      throw new AppError('method_not_allowed')
    }
    if (!isRead(ctx)) refuseForeignWrite(ctx, { origin, types: api.types })
    const { accessToken } = await signedIn.need(ctx)
    for (const header of OF_THE_BROWSER) delete ctx.req.headers[header]
    ctx.req.headers.authorization = `Bearer ${accessToken}`
    ctx.url = `${api.path}${ctx.url.slice(`${path}${API}`.length)}`
    await next()
  }
}

/** What the API must not take from a browser. */
const OF_THE_BROWSER = ['cookie', 'authorization', 'dpop']
