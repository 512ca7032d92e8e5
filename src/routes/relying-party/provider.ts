// The provider as a relying party of the house sees it: authorization code with PKCE, and refreshing, by a certified client.

import * as oidc from 'openid-client'
import type { Attempt } from '../../services/identity/sessions/relying-party-attempts.ts'
import type { PartyTokens } from '../../services/identity/sessions/relying-party-sessions.ts'
import { SECOND } from '../../shared/clock.ts'
import { AppError } from '../../shared/errors.ts'

export type ProviderParts = {
  issuer: string
  client: { id: string; secret: string }
  redirectUri: string
  scope: string
  /** The API that it forwards to, as `resource` (RFC 8707). */
  resource: string
  /** Who proved their address longer ago is asked for a code; in milliseconds. */
  maxAge: number
  /** Reaches the provider in this process. */
  fetch: oidc.CustomFetch
}

export type SignInOutcome =
  | { outcome: 'signed-in'; tokens: PartyTokens }
  /** The person turned back. */
  | { outcome: 'cancelled' }
  /** The provider, or the check of its answer, refused; `detail` is for the log. */
  | { outcome: 'refused'; detail: string }

/** Each throws `unavailable` while the provider cannot answer. */
export type Provider = {
  /** Where the browser is sent, and what its answer will be checked against. */
  begin(): Promise<{ address: URL } & Omit<Attempt, 'returnTo'>>
  /** `query` is what the browser came back with. */
  finish(query: URLSearchParams, attempt: Attempt): Promise<SignInOutcome>
  /** `undefined` when the refresh token is good no more. */
  refresh(refreshToken: string): Promise<PartyTokens | undefined>
}

export function createProvider(parts: ProviderParts): Provider {
  const { redirectUri, scope, resource } = parts
  const maxAge = parts.maxAge / SECOND
  const configuration = createConfiguration(parts)
  return {
    async begin() {
      const verifier = oidc.randomPKCECodeVerifier()
      const state = oidc.randomState()
      const nonce = oidc.randomNonce()
      const address = oidc.buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        scope,
        resource,
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        max_age: String(maxAge),
      })
      return { address, verifier, state, nonce }
    },

    async finish(query, { verifier, state, nonce }) {
      const config = await configuration()
      // By our own name for ourselves: `Host` is whatever the caller says.
      const address = new URL(redirectUri)
      address.search = query.toString()
      try {
        // It checks `state`, `iss` (RFC 9207), `nonce`, the age of the sign-in, and the ID token's claims; who
        // signed that needs no check where it comes from the provider itself (OpenID Connect Core 3.1.3.7, 6).
        const answer = await oidc.authorizationCodeGrant(config, address, {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
          maxAge,
          idTokenExpected: true,
        })
        return { outcome: 'signed-in', tokens: tokensOf(answer) }
      } catch (error) {
        return refusalOf(error)
      }
    },

    async refresh(refreshToken) {
      const config = await configuration()
      try {
        const answer = await oidc.refreshTokenGrant(config, refreshToken, { resource })
        return tokensOf(answer, refreshToken)
      } catch (error) {
        if (error instanceof oidc.ResponseBodyError && error.error === 'invalid_grant')
          return undefined
        throw faultOf(error)
      }
    },
  }
}

/** Read once from the provider's metadata; a failure is not remembered. */
function createConfiguration(parts: ProviderParts): () => Promise<oidc.Configuration> {
  let known: Promise<oidc.Configuration> | undefined
  async function discover(): Promise<oidc.Configuration> {
    try {
      return await oidc.discovery(
        new URL(parts.issuer),
        parts.client.id,
        { id_token_signed_response_alg: 'ES256' }, // what the house's own clients get
        oidc.ClientSecretBasic(parts.client.secret),
        {
          [oidc.customFetch]: parts.fetch,
          // Only development is without TLS, and no request leaves the process anyway.
          ...(parts.issuer.startsWith('http:') && { execute: [oidc.allowInsecureRequests] }),
        },
      )
    } catch (error) {
      known = undefined
      throw faultOf(error)
    }
  }
  return () => {
    known ??= discover()
    return known
  }
}

type TokenAnswer = { access_token: string; refresh_token?: string; expires_in?: number }

/** Where no other refresh token came with it, the one there was stays good (RFC 6749, 6). */
function tokensOf(answer: TokenAnswer, before?: string): PartyTokens {
  const { access_token: accessToken, refresh_token: refreshToken = before, expires_in } = answer
  if (refreshToken === undefined || expires_in === undefined)
    throw new TypeError('the provider’s answer has no refresh token, or no life time')
  return { accessToken, refreshToken, life: expires_in * SECOND }
}

/** An answer that does not stand its checks is a refusal; one that did not come is a fault. */
function refusalOf(error: unknown): SignInOutcome {
  if (error instanceof oidc.AuthorizationResponseError)
    return error.error === 'access_denied'
      ? { outcome: 'cancelled' }
      : { outcome: 'refused', detail: error.error }
  if (error instanceof oidc.ResponseBodyError) return { outcome: 'refused', detail: error.error }
  if (error instanceof oidc.ClientError && error.code && !(error.cause instanceof Response))
    return { outcome: 'refused', detail: error.code }
  throw faultOf(error)
}

/** What kept the provider from answering, bare: a store that is away is known by its error. */
function faultOf(error: unknown): unknown {
  const cause = error instanceof oidc.ClientError ? error.cause : undefined
  if (cause instanceof Response && cause.status === 503)
    return new AppError('unavailable', { retryAfter: 5, cause: error })
  return cause instanceof Error ? cause : error
}
