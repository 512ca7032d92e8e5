// The session at Foyer, as a browser application holds it: authorization code with PKCE, tokens in memory only.

import * as oidc from 'openid-client'
import type { Settings } from './settings.ts'

export type Claims = { readonly [name: string]: unknown }

export type Session = {
  /** What the ID token says. */
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
  | { outcome: 'signed-in'; session: Session }
  | { outcome: 'signed-out' }
  /** `silent`: nobody asked for a page, so nothing needs to be said. */
  | { outcome: 'refused'; error: string; silent: boolean }

type Pending = { verifier: string; state: string; nonce: string; silent: boolean }

const PENDING = 'bayside.pending'
const WAS_SIGNED_IN = 'bayside.was-signed-in'
/** Refreshed this long before its end, in seconds, so that no call is made with a dying token. */
const MARGIN = 120

const here = (): string => `${location.origin}${location.pathname}`

export async function discover({ issuer, clientId }: Settings): Promise<oidc.Configuration> {
  const isPlain = issuer.startsWith('http:')
  return oidc.discovery(new URL(issuer), clientId, undefined, oidc.None(), {
    // A laptop's own address has no certificate.
    execute: isPlain ? [oidc.allowInsecureRequests] : [],
  })
}

/** Whether this tab was signed in before it was loaded anew. */
export function wasSignedIn(): boolean {
  return sessionStorage.getItem(WAS_SIGNED_IN) === 'yes'
}

/** Leaves for the sign-in pages; `silent` asks for an answer without any page. */
export async function signIn(
  config: oidc.Configuration,
  { scope, silent = false }: { scope: string; silent?: boolean },
): Promise<void> {
  const pending: Pending = {
    verifier: oidc.randomPKCECodeVerifier(),
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
    silent,
  }
  sessionStorage.setItem(PENDING, JSON.stringify(pending))
  const address = oidc.buildAuthorizationUrl(config, {
    redirect_uri: here(),
    scope,
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: 'S256',
    ...(silent && { prompt: 'none' }),
  })
  location.assign(address)
}

/** Reads what the provider put into the address, and takes it out of the address. */
export async function arrive(config: oidc.Configuration): Promise<Arrival> {
  const address = new URL(location.href)
  const pending = takePending()
  if (!address.searchParams.has('state')) return { outcome: 'signed-out' }
  history.replaceState(null, '', here())
  if (!pending) return { outcome: 'signed-out' }
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
    forget()
    const refused = error instanceof oidc.AuthorizationResponseError
    return { outcome: 'refused', error: refused ? error.error : 'failed', silent: pending.silent }
  }
}

function takePending(): Pending | undefined {
  const text = sessionStorage.getItem(PENDING)
  sessionStorage.removeItem(PENDING)
  return text === null ? undefined : (JSON.parse(text) as Pending) // we wrote it, see `signIn`
}

function forget(): void {
  sessionStorage.removeItem(WAS_SIGNED_IN)
}

type Tokens = Awaited<ReturnType<typeof oidc.authorizationCodeGrant>>

function createSession(config: oidc.Configuration, first: Tokens): Session {
  let accessToken = first.access_token
  let refreshToken = first.refresh_token
  let idToken = first.id_token
  let expiresAt = endOf(first)
  let running: Promise<void> | undefined
  const { promise: whenEnded, resolve: end } = Promise.withResolvers<void>()

  async function renew(): Promise<void> {
    if (!refreshToken) throw new SessionEnded('There is no refresh token.')
    try {
      const next = await oidc.refreshTokenGrant(config, refreshToken)
      accessToken = next.access_token
      refreshToken = next.refresh_token ?? refreshToken
      idToken = next.id_token ?? idToken
      expiresAt = endOf(next)
    } catch (error) {
      // Only the provider's own word ends a session; a lost connection does not.
      if (!(error instanceof oidc.ResponseBodyError) || error.error !== 'invalid_grant') throw error
      forget()
      end()
      throw new SessionEnded('Your session has ended.', { cause: error })
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
    claims: first.claims() ?? {},
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
      forget()
      const parameters = {
        post_logout_redirect_uri: here(),
        ...(idToken && { id_token_hint: idToken }),
      }
      location.assign(oidc.buildEndSessionUrl(config, parameters))
    },
  }
}

function endOf(tokens: Tokens): number {
  return Math.floor(Date.now() / 1000) + (tokens.expires_in ?? 0)
}
