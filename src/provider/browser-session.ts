// The session of a browser, for pages of ours that the engine does not serve: who is signed in, and putting a session there.

import type { Context } from 'koa'
import type Provider from 'oidc-provider'
import { SECOND } from '../shared/clock.ts'
import { sessionCookie } from './options.ts'

/** A session that somebody is signed in with. */
export type BrowserSession = {
  /** The engine's `uid`, the `sid` of access tokens. */
  uid: string
  account: string
  /** When the person proved who they are, in milliseconds since 1970. */
  signedInAt: number
  /** Ids of the applications that were signed in to through it. */
  clients: readonly string[]
}

type Parts = {
  provider: Provider
  /** Gives a session one more cookie; `undefined` when it is over, or another account's. */
  handOn(uid: string, account: string): Promise<string | undefined>
}

export type BrowserSessions = {
  /** Of the browser that sent the request, by its signed cookie. Whether the account is still active is not looked at. */
  sessionOf(ctx: Context): Promise<BrowserSession | undefined>
  /** One that is not over. */
  findSession(uid: string): Promise<BrowserSession | undefined>
  /**
   * Puts a session of the account into this browser, beside those where it is: the answer sets the cookie.
   * `false`, and no cookie, when it is over.
   */
  putSession(ctx: Context, session: { uid: string; account: string }): Promise<boolean>
}

export function createBrowserSessions({ provider, handOn }: Parts): BrowserSessions {
  const { issuer } = provider
  return {
    // Undocumented but public: the engine's own way from a request to its session. Pinned by tests.
    sessionOf: async (ctx) =>
      viewOf(await provider.Session.get(provider.createContext(ctx.req, ctx.res))),

    findSession: async (uid) => viewOf(await provider.Session.findByUid(uid)),

    async putSession(ctx, { uid, account }) {
      const cookie = await handOn(uid, account)
      const session = cookie && (await provider.Session.findByUid(uid))
      if (!cookie || !session) return false
      const { cookies } = provider.createContext(ctx.req, ctx.res) // they sign with the engine's keys
      const options = sessionCookie(issuer)
      cookies.secure = options.secure
      cookies.set(provider.cookieName('session'), cookie, {
        ...options,
        // As the engine does it: where nobody wants to stay signed in, the browser forgets it when it closes.
        ...(!session.transient && { expires: new Date(session.exp * SECOND) }),
      })
      return true
    },
  }
}

type EngineSession = InstanceType<Provider['Session']>

function viewOf(session: EngineSession | undefined): BrowserSession | undefined {
  if (!session?.accountId || session.loginTs === undefined) return undefined
  return {
    uid: session.uid,
    account: session.accountId,
    signedInAt: session.loginTs * SECOND,
    clients: Object.keys(session.authorizations ?? {}),
  }
}
