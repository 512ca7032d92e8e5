// What the pages need of the OpenID engine, as functions that compose hands in.

import type { Context } from 'koa'

/** One authorization request that waits for a person, as the engine kept it. */
export type Interaction = {
  /** Stands in the path: `/sign-in/{uid}`. The cookie that goes with it is bound to that path and signed. */
  uid: string
  /** What the engine asks for now. */
  prompt: 'login' | 'consent'
  client: {
    id: string
    name: string
    firstParty: boolean
    /** The client's own page, to go back to when nothing else is possible. */
    homeUri?: string
  }
  /** The address the client expects (`login_hint`, OpenID Connect Core 3.1.2.1). Unchecked. */
  loginHint?: string
  /** `ui_locales`, most wanted first. Unchecked. */
  uiLocales: readonly string[]
  /** Scopes to allow: those that were not allowed yet, or all when the client wants that; empty for `login`. */
  askedScopes: readonly string[]
  /** Who is signed in in this browser, if anybody. */
  accountId?: string
  /** When the interaction ends, in milliseconds since 1970. */
  expiresAt: number
}

export type InteractionEngine = {
  /**
   * The interaction of this request's path and cookie, which must agree; `undefined` when it is over,
   * expired, or began in another browser.
   */
  read(ctx: Context): Promise<Interaction | undefined>
  /** The person proved who they are. Answers 303 to where the engine goes on. */
  signedIn(
    ctx: Context,
    account: { accountId: string; at: number; remember: boolean },
  ): Promise<void>
  /** The person allowed what is missing. Answers 303 to where the engine goes on. */
  allowed(ctx: Context): Promise<void>
  /** The person cancelled: the client gets `access_denied` (RFC 6749, 4.1.2.1). Answers 303. */
  cancelled(ctx: Context): Promise<void>
}
