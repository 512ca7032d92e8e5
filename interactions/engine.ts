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
    /** Pages of its own. */
    links: ClientLinks
  }
  /** The address the client expects (`login_hint`, OpenID Connect Core 3.1.2.1). Unchecked. */
  loginHint?: string
  /** `ui_locales`, most wanted first. Unchecked. */
  uiLocales: readonly string[]
  /** Scopes to allow: those that were not allowed yet, or all when the client wants that; empty for `login`. */
  askedScopes: readonly string[]
  /** Who is signed in in this browser, if anybody. */
  accountId?: string
  /** Whether the person proved who they are already: what sends the browser on from there was lost on its way. */
  isProven: boolean
  /** When the interaction ends, in milliseconds since 1970. */
  expiresAt: number
  /** The token of its address. */
  restart: string
}

export type ClientLinks = { home?: string; policy?: string; terms?: string }

/** The application that a page leads back to. */
export type Application = { name: string; homeUri?: string; initiateLoginUri?: string }

/** What is known of a sign-in that is over. */
export type Ended = {
  /** Whose it was, unless the client is gone. */
  client?: Application
  /** Whether this browser may have it started again, now. */
  isOpen: boolean
  /** `login_hint`, for the browser in which it began alone. Unchecked. */
  loginHint?: string
  uiLocales: readonly string[]
}

export type InteractionEngine = {
  /**
   * The interaction of this request's path and cookie, which must agree; `undefined` when it is over,
   * expired, or began in another browser.
   */
  read(ctx: Context): Promise<Interaction | undefined>
  /**
   * The person proved who they are; what comes of it is over by `endsBy`, in milliseconds since 1970.
   * Answers 303 to where the engine goes on.
   */
  signedIn(
    ctx: Context,
    account: { accountId: string; at: number; remember: boolean; endsBy?: number },
  ): Promise<void>
  /** Answers 303 to where the engine goes on, once more. */
  goOn(ctx: Context): Promise<void>
  /** Forgets what the person proved, if anything: they want to be somebody else. */
  forget(ctx: Context): Promise<void>
  /** The person allowed what is missing. Answers 303 to where the engine goes on. */
  allowed(ctx: Context): Promise<void>
  /** The person cancelled: the client gets `access_denied` (RFC 6749, 4.1.2.1). Answers 303. */
  cancelled(ctx: Context): Promise<void>
  /** What the token of this request's address says of a sign-in that is over; `undefined` when it is none of ours. */
  ended(ctx: Context): Promise<Ended | undefined>
  /** Answers 303 to where the same is asked for again; `false`, and no answer, where that may not be. */
  startAgain(ctx: Context): Promise<boolean>
}
