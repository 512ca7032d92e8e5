// The second half of a test sign-in: the code is redeemed as any application would, and what was got is taken apart.

import { decodeJwt, decodeProtectedHeader } from 'jose'
import * as oidc from 'openid-client'
import type { Clock } from '../../shared/clock.ts'
import type { Client } from '../../stores/clients.ts'

type Token = { header: object; claims: object }

/** Tokens are shown taken apart, without their signatures: nobody can use what the page shows. */
export type TestResult =
  | {
      outcome: 'signed-in'
      client: { id: string; name: string }
      issuer: string
      /** What was asked of the server, and how long it took, in milliseconds. */
      steps: { name: string; milliseconds: number }[]
      id_token: Token
      /** Null where it is opaque: for userinfo alone. */
      access_token: Token | null
      userinfo: object
      scope: string
      /** Seconds. */
      expires_in: number | null
      has_refresh_token: boolean
    }
  | {
      outcome: 'refused'
      client: { id: string; name: string }
      issuer: string
      error: string
      description: string | null
    }

type Parts = { issuer: string; client: Client; fetch: oidc.CustomFetch; clock: Clock }
type Answered = {
  redirectUri: string
  secret: string
  verifier: string
  nonce: string
  state: string
  query: string
}

export async function tested(parts: Parts, answered: Answered): Promise<TestResult> {
  const { issuer, client } = parts
  const about = { client: { id: client._id, name: client.name }, issuer }
  try {
    return { outcome: 'signed-in', ...about, ...(await redeem(parts, answered)) }
  } catch (error) {
    const refusal = refusalOf(error)
    if (!refusal) throw error
    return { outcome: 'refused', ...about, ...refusal }
  }
}

async function redeem(parts: Parts, { redirectUri, query, ...answered }: Answered) {
  const steps: { name: string; milliseconds: number }[] = []
  const timed = async <T>(name: string, run: () => Promise<T>): Promise<T> => {
    const before = parts.clock.now()
    const done = await run()
    steps.push({ name, milliseconds: parts.clock.now() - before })
    return done
  }
  const config = await timed('Discovery', () => discover(parts, answered.secret))
  const address = new URL(`${redirectUri}?${query}`)
  const tokens = await timed('Token endpoint', () =>
    oidc.authorizationCodeGrant(config, address, {
      pkceCodeVerifier: answered.verifier,
      expectedState: answered.state,
      expectedNonce: answered.nonce,
      idTokenExpected: true,
    }),
  )
  const { sub = '' } = tokens.claims() ?? {}
  const userinfo = await timed('Userinfo endpoint', () =>
    oidc.fetchUserInfo(config, tokens.access_token, sub),
  )
  // A test leaves nothing behind that could be used.
  const last = tokens.refresh_token ?? tokens.access_token
  await timed('Revocation endpoint', () => oidc.tokenRevocation(config, last))
  return {
    steps,
    id_token: takenApart(tokens.id_token ?? ''),
    access_token: tokens.access_token.includes('.') ? takenApart(tokens.access_token) : null,
    userinfo,
    scope: tokens.scope ?? '',
    expires_in: tokens.expires_in ?? null,
    has_refresh_token: tokens.refresh_token !== undefined,
  }
}

function discover({ issuer, client, fetch }: Parts, secret: string): Promise<oidc.Configuration> {
  const isPublic = client.kind !== 'web'
  return oidc.discovery(
    new URL(issuer),
    client._id,
    { id_token_signed_response_alg: client.firstParty ? 'ES256' : 'RS256' },
    isPublic ? oidc.None() : oidc.ClientSecretBasic(secret),
    {
      [oidc.customFetch]: fetch,
      // Only development is without TLS, and no request leaves the process anyway.
      ...(issuer.startsWith('http:') && { execute: [oidc.allowInsecureRequests] }),
    },
  )
}

function takenApart(token: string): Token {
  return { header: decodeProtectedHeader(token), claims: decodeJwt(token) }
}

function refusalOf(error: unknown): { error: string; description: string | null } | undefined {
  if (error instanceof oidc.AuthorizationResponseError || error instanceof oidc.ResponseBodyError)
    return { error: error.error, description: error.error_description ?? null }
  if (error instanceof oidc.ClientError && error.code)
    return { error: error.code, description: error.message }
  return undefined
}
