// The session at Foyer, as a browser application holds it: authorization code with PKCE, tokens in memory only.

import * as oidc from 'openid-client'
import type { RequestLog } from './requests.ts'
import type { Settings } from './settings.ts'

export type Claims = { readonly [name: string]: unknown }

export type Session = {
  /** What the newest ID token says. */
  readonly claims: Claims
  /** Seconds since 1970. */
  readonly expiresAt: number
  /** An access token that is still good for a while; refreshed when it is not. Throws `SessionEnded`. */
  accessToken(): Promise<string>
  /** A new pair now, whatever the old one's age. Throws `SessionEnded`. */
  refresh(): Promise<void>
  /** Resolves when the provider will not refresh it any more. */
  readonly whenEnded: Promise<void>
  /** Leaves for the provider's sign-out; the browser comes back to this page. */
  signOut(): void
}

/** The refresh token is dead: only signing in helps. */
export class SessionEnded extends Error {
  override readonly name = 'SessionEnded'
}

/** What came back from the provider, if this page was opened by it. */
export type Arrival =
  | { outcome: 'nothing' }
  | { outcome: 'signed-in'; session: Session }
  /** Back from the sign-out page, where a person may also decide to stay: only the provider knows. */
  | { outcome: 'left' }
  | { outcome: 'refused'; error: string; occasion: Occasion }

/** Why somebody is sent to the provider; only who asked to sign in is shown a page. */
export type Occasion = 'asked' | 'loaded-anew' | 'left'

type Pending = { verifier: string; state: string; nonce: string; occasion: Occasion }

const PENDING = 'bayside.pending'
const LEAVING = 'bayside.leaving'
const WAS_SIGNED_IN = 'bayside.was-signed-in'
/** Refreshed this long before its end, in seconds, so that no call is made with a dying token. */
const MARGIN = 120

const here = (): string => `${location.origin}${location.pathname}`

export async function discover(
  { issuer, clientId }: Settings,
  requests: RequestLog,
): Promise<oidc.Configuration> {
  const isPlain = issuer.startsWith('http:')
  return oidc.discovery(new URL(issuer), clientId, undefined, oidc.None(), {
    // A laptop's own address has no certificate.
    execute: isPlain ? [oidc.allowInsecureRequests] : [],
    [oidc.customFetch]: (address, init) => requests.fetch(address, init as RequestInit), // which it is, with fewer kinds of bodies
  })
}

/** Whether this tab was signed in before it was loaded anew. */
export function wasSignedIn(): boolean {
  return sessionStorage.getItem(WAS_SIGNED_IN) === 'yes'
}

/** Leaves for the provider: for its sign-in pages, or for an answer without any page. */
export async function signIn(
  config: oidc.Configuration,
  { scope, occasion }: { scope: string; occasion: Occasion },
): Promise<void> {
  const isSilent = occasion !== 'asked'
  const pending: Pending = {
    verifier: oidc.randomPKCECodeVerifier(),
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
    occasion,
  }
  const address = oidc.buildAuthorizationUrl(config, {
    redirect_uri: here(),
    scope,
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: 'S256',
    ...(isSilent && { prompt: 'none' }),
  })
  // In one go with leaving, so that of two impatient clicks the last one counts.
  sessionStorage.setItem(PENDING, JSON.stringify(pending))
  // A detour that nobody saw is nothing that "back" should lead to.
  if (isSilent) location.replace(address)
  else location.assign(address)
}

/** Reads what the provider put into the address, and takes it out of the address. */
export async function arrive(config: oidc.Configuration): Promise<Arrival> {
  const address = new URL(location.href)
  const state = address.searchParams.get('state')
  const pending = take(PENDING)
  const leaving = take(LEAVING)
  if (state === null) return { outcome: 'nothing' }
  history.replaceState(null, '', here())
  if (state === leaving) return { outcome: 'left' }
  if (pending === null) return { outcome: 'nothing' }
  return redeem(config, address, JSON.parse(pending) as Pending) // we wrote it, see `signIn`
}

function take(name: string): string | null {
  const value = sessionStorage.getItem(name)
  sessionStorage.removeItem(name)
  return value
}

async function redeem(
  config: oidc.Configuration,
  address: URL,
  pending: Pending,
): Promise<Arrival> {
  try {
    const tokens = await oidc.authorizationCodeGrant(config, address, {
      pkceCodeVerifier: pending.verifier,
      expectedState: pending.state,
      expectedNonce: pending.nonce,
      idTokenExpected: true,
    })
    sessionStorage.setItem(WAS_SIGNED_IN, 'yes')
    return { outcome: 'signed-in', session: createSession(config, tokens) }
  } catch (error) {
    sessionStorage.removeItem(WAS_SIGNED_IN)
    const refused = error instanceof oidc.AuthorizationResponseError
    const reason = refused ? error.error : 'failed'
    return { outcome: 'refused', error: reason, occasion: pending.occasion }
  }
}

type Tokens = Awaited<ReturnType<typeof oidc.authorizationCodeGrant>>

function createSession(config: oidc.Configuration, first: Tokens): Session {
  let accessToken = first.access_token
  let refreshToken = first.refresh_token
  let idToken = first.id_token
  let claims: Claims = first.claims() ?? {}
  let expiresAt = endOf(first)
  let running: Promise<void> | undefined
  const { promise: whenEnded, resolve: end } = Promise.withResolvers<void>()

  function over(cause?: unknown): SessionEnded {
    sessionStorage.removeItem(WAS_SIGNED_IN)
    end()
    return new SessionEnded('Your session has ended.', { cause })
  }

  async function renew(): Promise<void> {
    if (!refreshToken) throw over()
    try {
      const next = await oidc.refreshTokenGrant(config, refreshToken)
      accessToken = next.access_token
      refreshToken = next.refresh_token ?? refreshToken
      idToken = next.id_token ?? idToken
      claims = next.claims() ?? claims
      expiresAt = endOf(next)
    } catch (error) {
      // Only the provider's own word ends a session; a lost connection does not.
      const isOver = error instanceof oidc.ResponseBodyError && error.error === 'invalid_grant'
      throw isOver ? over(error) : error
    }
  }

  /** However many calls want it, a refresh token is sent once. */
  function refresh(): Promise<void> {
    running ??= renew().finally(() => {
      running = undefined
    })
    return running
  }

  return {
    get claims() {
      return claims
    },
    get expiresAt() {
      return expiresAt
    },
    whenEnded,
    refresh,
    async accessToken() {
      if (expiresAt - MARGIN <= Date.now() / 1000) await refresh()
      return accessToken
    },
    signOut() {
      const state = oidc.randomState()
      sessionStorage.setItem(LEAVING, state)
      const parameters = {
        post_logout_redirect_uri: here(),
        state,
        ...(idToken && { id_token_hint: idToken }),
      }
      location.assign(oidc.buildEndSessionUrl(config, parameters))
    },
  }
}

function endOf(tokens: Tokens): number {
  return Math.floor(Date.now() / 1000) + (tokens.expires_in ?? 0)
}
