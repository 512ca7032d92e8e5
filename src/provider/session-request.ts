// The request whose session is being saved, as the storage sees it.

import { AsyncLocalStorage } from 'node:async_hooks'
import Provider, { type KoaContextWithOIDC } from 'oidc-provider'
import { sessionCookie } from './options.ts'

/** The storage declares the same shape as its own. */
export type SessionRequest = {
  userAgent: string
  formerCookie?: string
  leftClient?: string
  goOnAs(cookie: string): void
}

/** Requests that no engine serves, and that make a session all the same: by their `User-Agent`. */
const ownRequests = new AsyncLocalStorage<string>()

/** Does the work as a request of our own, which has no cookie of its session. */
export function asRequestOf<T>(userAgent: string, work: () => Promise<T>): Promise<T> {
  return ownRequests.run(userAgent, work)
}

/** The request that an engine of this process is serving, or one of our own; `undefined` outside of both. */
export function sessionRequest(): SessionRequest | undefined {
  const userAgent = ownRequests.getStore()
  if (userAgent !== undefined) return { userAgent, goOnAs: () => {} }
  const ctx = Provider.ctx
  const session = ctx?.oidc?.session as RenamedSession | undefined
  if (!ctx || !session) return undefined
  const leftClient = leftClientOf(ctx)
  return {
    userAgent: ctx.get('user-agent'),
    ...(leftClient && { leftClient }),
    ...(session.oldId && { formerCookie: session.oldId }),
    goOnAs(cookie) {
      session.id = cookie
      setCookie(ctx, cookie)
    },
  }
}

/** Where somebody signs out of one application alone, the engine has taken it out of the session by now. */
function leftClientOf({ oidc }: KoaContextWithOIDC): string | undefined {
  const { clientId } = oidc.client ?? {}
  const hasLeft = oidc.route === 'end_session_confirm' && clientId !== undefined
  return hasLeft && !oidc.session?.authorizations?.[clientId] ? clientId : undefined
}

/** Undocumented: `resetIdentifier` keeps the id that the session was read by. Pinned by a test. */
type RenamedSession = { id: string; oldId?: string }

/** The engine has named the cookie already, before it saves; the last name counts. It adds the expiry itself. */
function setCookie({ oidc }: KoaContextWithOIDC, value: string): void {
  const { provider, cookies } = oidc
  cookies.set(provider.cookieName('session'), value, sessionCookie(provider.issuer))
}
