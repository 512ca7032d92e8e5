// What the library offers, in types: the client, its sessions and its events.

import type { MakeKeys } from './proofs.ts'

/** How a page uses its issuer. */
export type ClientOptions = {
  /** The issuer, such as `https://id.example.com`. */
  issuer: string
  /** The id of a first-party client of kind browser, with this page's origin among its origins. */
  clientId: string
  /**
   * Where tokens are kept. `memory`, the default, forgets them with the page; the other tabs of this
   * origin hand them on. `session` survives a reload and `local` a restart of the browser: any script that
   * runs on the page, also one that was injected, can then read them from there.
   */
  storage?: 'memory' | 'session' | 'local'
  /** Scopes, parted by spaces; by default who somebody is, and the parts of the Client API used here. */
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

/** The claims of the ID token (OpenID Connect Core 5.1). */
export type User = {
  readonly sub: string
  readonly email?: string
  readonly email_verified?: boolean
  readonly name?: string
  readonly [claim: string]: unknown
}

export type Session = {
  readonly accessToken: string
  readonly idToken: string
  /** When the access token ends, in milliseconds of this device's clock. */
  readonly expiresAt: number
  /** The scopes that were granted, parted by spaces. */
  readonly scope: string
  readonly user: User
}

/** What a code was sent for; times in milliseconds of this device's clock. */
export type SentCode = {
  readonly email: string
  /** How many digits it has. */
  readonly length: number
  readonly expiresAt: number
  /** From when on another one can be sent. */
  readonly resendAt: number
}

/** A policy of the business that has to be accepted before the sign-in goes on. */
export type DuePolicy = {
  readonly kind: string
  readonly number: number
  /** Where it can be read. */
  readonly uri: string
  /** Whether an earlier version was accepted. */
  readonly changed: boolean
}

export type AuthEvent = 'INITIAL_SESSION' | 'SIGNED_IN' | 'TOKEN_REFRESHED' | 'SIGNED_OUT'

export type AuthListener = (event: AuthEvent, session: Session | null) => void

export type RedirectOptions = {
  /** `none` asks nothing: who is not signed in comes back at once. `login` asks for a fresh code. */
  prompt?: 'none' | 'login'
  /** The address to begin with. */
  loginHint?: string
}

export type ListQuery = {
  limit?: number
  cursor?: string
  /** Instants, ISO 8601. */
  from?: string
  to?: string
  status?: string
}

export type Page<Item> = { readonly items: readonly Item[]; readonly next_cursor: string | null }

/** A record of the Client API, as its documentation describes it. */
export type Data = { readonly [field: string]: unknown }

export type FoyerClient = {
  readonly issuer: string
  readonly clientId: string
  /** Restores a session and finishes a redirect. Tells `INITIAL_SESSION` once; calling it again changes nothing. */
  initialize(): Promise<Session | null>
  /** Sends a code to the address; again for the same address, another one. */
  sendCode(email: string, options?: { locale?: string }): Promise<SentCode>
  /** Signs in by the code; the policies of a `policies_required` error go to `acceptPolicies`. */
  verifyCode(code: string): Promise<Session>
  /** Accepts what `verifyCode` said is due, and signs in. */
  acceptPolicies(policies: readonly DuePolicy[]): Promise<Session>
  /** Leaves the page for the issuer's own sign-in; comes back to `redirectUri`. */
  signInWithRedirect(options?: RedirectOptions): Promise<never>
  /** Finishes a redirect on the page it came back to; `null` where there is none, or nobody is signed in. */
  handleRedirectCallback(): Promise<Session | null>
  /** A token that is good for at least `minTtl` milliseconds more; `null` when nobody is signed in. */
  getAccessToken(options?: { minTtl?: number }): Promise<string | null>
  getSession(): Session | null
  getUser(): User | null
  isAuthenticated(): boolean
  /** Gets fresh tokens now; for all tabs together once. `null` when the session is over. */
  refresh(): Promise<Session | null>
  /** Ends this browser's session with everything it gave; `everywhere` all of the person's sessions. */
  signOut(options?: { everywhere?: boolean }): Promise<void>
  /** Tells every change, of this tab and of the others. Returns what stops it. */
  onAuthStateChange(listener: AuthListener): () => void
  /** Calls the Client API: a path below it, its data as the answer; one more try with fresh tokens after a 401. */
  fetch<Answer = unknown>(path: string, init?: RequestInit): Promise<Answer>
  readonly profile: { get(): Promise<Data>; update(patch: Data): Promise<Data> }
  readonly orders: { list(query?: ListQuery): Promise<Page<Data>> }
  readonly bookings: { list(query?: ListQuery): Promise<Page<Data>> }
  readonly enquiries: { list(query?: ListQuery): Promise<Page<Data>> }
  /** An address that opens the portal signed in: good once, for 60 seconds. */
  portalUrl(options?: { section?: string; returnTo?: string }): Promise<string>
}
