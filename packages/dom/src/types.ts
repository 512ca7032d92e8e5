// What the library offers, in types: the client, its sessions and its events.

import type { MakeKeys } from './proofs.ts'
import type { Data, ListQuery, Page } from './records.ts'

/**
 * How a page uses its issuer.
 *
 * @example
 * const options: ClientOptions = { issuer: 'https://id.example.com', clientId: 'shop', storage: 'session' }
 */
export type ClientOptions = {
  /** The issuer, such as `https://id.example.com`: https, or http on this device alone. */
  issuer: string
  /** The id of a first-party client of kind browser, with this page's origin among its origins. */
  clientId: string
  /**
   * Where tokens are kept. `memory`, the default, forgets them with the page; the other tabs of this
   * origin hand them on. `session` survives a reload and `local` a restart of the browser: any script that
   * runs on the page, also one that was injected, can then read them from there.
   */
  storage?: 'memory' | 'session' | 'local'
  /** Scopes, parted by spaces, with `openid`; by default who somebody is, and the parts of the Client API used here. */
  scope?: string
  /** Where a redirect comes back to; registered with the client. By default this page without query and fragment. */
  redirectUri?: string
  /** The language of mails and of pages of the issuer, such as `de`; by default the browser's. */
  locale?: string
  /** Binds tokens to a key that cannot leave this browser (RFC 9449): `dpop` of `@foyer/dom/dpop`. */
  dpop?: MakeKeys
  /** Takes the place of the global `fetch`. */
  fetch?: typeof fetch
}

/**
 * The claims of the ID token (OpenID Connect Core 5.1).
 *
 * @example
 * const { sub, email } = foyer.getUser() ?? {}
 */
export type User = {
  readonly sub: string
  readonly email?: string
  readonly email_verified?: boolean
  readonly name?: string
  readonly [claim: string]: unknown
}

/**
 * Somebody is signed in. A new one takes its place with every refresh.
 *
 * @example
 * const session = foyer.getSession()
 * if (session) greet(session.user.email)
 */
export type Session = {
  readonly accessToken: string
  readonly idToken: string
  /** When the access token ends, in milliseconds of this device's clock. */
  readonly expiresAt: number
  /** The scopes that were granted, parted by spaces. */
  readonly scope: string
  readonly user: User
}

/**
 * What a code was sent for; times in milliseconds of this device's clock.
 *
 * @example
 * const { length, resendAt } = await foyer.sendCode('ana@example.com')
 * const seconds = Math.ceil((resendAt - Date.now()) / 1000)
 */
export type SentCode = {
  readonly email: string
  /** How many digits it has. */
  readonly length: number
  readonly expiresAt: number
  /** From when on another one can be sent; asked earlier, none is. */
  readonly resendAt: number
}

/**
 * A policy of the business that has to be accepted before the sign-in goes on.
 *
 * @example
 * for (const { kind, uri, changed } of error.policies ?? []) show(kind, uri, changed)
 */
export type DuePolicy = {
  readonly kind: string
  readonly number: number
  /** Where it can be read. */
  readonly uri: string
  /** Whether an earlier version was accepted. */
  readonly changed: boolean
}

/**
 * What happened. `INITIAL_SESSION` comes once, from `initialize`, whether or not somebody is signed in; the
 * others come for what happens in any tab.
 *
 * @example
 * const isOver: AuthEvent = 'SIGNED_OUT'
 */
export type AuthEvent = 'INITIAL_SESSION' | 'SIGNED_IN' | 'TOKEN_REFRESHED' | 'SIGNED_OUT'

/**
 * Hears what happened, and what is so now.
 *
 * @example
 * const show: AuthListener = (event, session) => { badge.hidden = session === null }
 */
export type AuthListener = (event: AuthEvent, session: Session | null) => void

/**
 * How the issuer's own pages ask.
 *
 * @example
 * await foyer.signInWithRedirect({ prompt: 'none' })
 */
export type RedirectOptions = {
  /** `none` asks nothing: who is not signed in comes back at once. `login` asks for a fresh code. */
  prompt?: 'none' | 'login'
  /** The address to begin with. */
  loginHint?: string
}

/**
 * A page's client. What fails is a `FoyerError`, what cannot be meant a `TypeError`.
 *
 * @example
 * const foyer: FoyerClient = createClient({ issuer: 'https://id.example.com', clientId: 'shop' })
 */
export type FoyerClient = {
  readonly issuer: string
  readonly clientId: string
  /**
   * Restores a session and finishes a redirect. Tells `INITIAL_SESSION` once; calling it again changes
   * nothing. Rejects for an answer of the issuer that says no, never because nobody answers.
   *
   * @example
   * const session = await foyer.initialize()
   */
  initialize(): Promise<Session | null>
  /**
   * Sends a code to the address; again for the same address, another one.
   *
   * @example
   * await foyer.sendCode('ana@example.com', { locale: 'de' })
   */
  sendCode(email: string, options?: { locale?: string }): Promise<SentCode>
  /**
   * Signs in by the code; the policies of a `policies_required` error go to `acceptPolicies`.
   *
   * @example
   * const session = await foyer.verifyCode('123456')
   */
  verifyCode(code: string): Promise<Session>
  /**
   * Accepts what `verifyCode` said is due, and signs in.
   *
   * @example
   * if (error.code === 'policies_required') await foyer.acceptPolicies(error.policies ?? [])
   */
  acceptPolicies(policies: readonly Pick<DuePolicy, 'kind' | 'number'>[]): Promise<Session>
  /**
   * Leaves the page for the issuer's own sign-in; comes back to `redirectUri`.
   *
   * @example
   * await foyer.signInWithRedirect({ loginHint: 'ana@example.com' })
   */
  signInWithRedirect(options?: RedirectOptions): Promise<never>
  /**
   * Finishes a redirect on the page it came back to, which `initialize` does as well; `null` where there is
   * none, or where `prompt: 'none'` found nobody signed in. Rejects with `state_mismatch` for an answer that
   * this tab did not ask for.
   *
   * @example
   * const session = await foyer.handleRedirectCallback()
   */
  handleRedirectCallback(): Promise<Session | null>
  /**
   * A token that is good for at least `minTtl` milliseconds more, by default 30,000; `null` when nobody is
   * signed in. While the issuer does not answer, the one that there is, as long as it lasts.
   *
   * @example
   * const token = await foyer.getAccessToken({ minTtl: 60_000 })
   */
  getAccessToken(options?: { minTtl?: number }): Promise<string | null>
  /**
   * Who is signed in, as far as this page knows; `null` before `initialize`.
   *
   * @example
   * const session = foyer.getSession()
   */
  getSession(): Session | null
  /**
   * The person, in short.
   *
   * @example
   * const email = foyer.getUser()?.email
   */
  getUser(): User | null
  /**
   * Whether somebody is signed in.
   *
   * @example
   * button.hidden = foyer.isAuthenticated()
   */
  isAuthenticated(): boolean
  /**
   * Gets fresh tokens now, which happens by itself in time; for all tabs together once. `null` when the
   * session is over.
   *
   * @example
   * const session = await foyer.refresh()
   */
  refresh(): Promise<Session | null>
  /**
   * Ends this browser's session with everything it gave; `everywhere` all of the person's sessions. Here it
   * is over in any case; rejects where the issuer could not be told.
   *
   * @example
   * await foyer.signOut({ everywhere: true })
   */
  signOut(options?: { everywhere?: boolean }): Promise<void>
  /**
   * Tells every change, of this tab and of the others. Returns what stops it.
   *
   * @example
   * const stop = foyer.onAuthStateChange((event, session) => show(session?.user))
   */
  onAuthStateChange(listener: AuthListener): () => void
  /**
   * Calls the Client API: a path below it, the `data` of its answer; one more try with fresh tokens after a
   * 401. The token goes nowhere else, whatever the path says.
   *
   * @example
   * const memberships = await foyer.fetch('/memberships')
   */
  fetch<Answer = unknown>(path: string, init?: RequestInit): Promise<Answer>
  /**
   * The customer's own data.
   *
   * @example
   * await foyer.profile.update({ given_name: 'Ana' })
   */
  readonly profile: { get(): Promise<Data>; update(patch: Data): Promise<Data> }
  /**
   * The customer's orders, the newest first.
   *
   * @example
   * const { items } = await foyer.orders.list({ limit: 5 })
   */
  readonly orders: { list(query?: ListQuery): Promise<Page<Data>> }
  /**
   * The customer's bookings, the newest first.
   *
   * @example
   * const { items } = await foyer.bookings.list({ from: '2026-01-01T00:00:00Z' })
   */
  readonly bookings: { list(query?: ListQuery): Promise<Page<Data>> }
  /**
   * The customer's enquiries, the newest first.
   *
   * @example
   * const { items } = await foyer.enquiries.list({ status: 'open' })
   */
  readonly enquiries: { list(query?: ListQuery): Promise<Page<Data>> }
  /**
   * An address that opens the portal signed in: good once, for 60 seconds.
   *
   * @example
   * location.assign(await foyer.portalUrl({ section: 'bookings' }))
   */
  portalUrl(options?: { section?: string; returnTo?: string }): Promise<string>
}
