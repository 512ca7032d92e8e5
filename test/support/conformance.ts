// The relying party of the OpenID conformance suite, as far as its plans go: its addresses, its browser, its checks.

import { randomUUID } from 'node:crypto'
import { expect } from '@jest/globals'
import { createRemoteJWKSet, decodeProtectedHeader, type JWTPayload, jwtVerify } from 'jose'
import type { NewClient } from '../../src/services/identity/clients/client-registration.ts'
import { type Answer, type Credentials, postForm } from './endpoints.ts'
import type { OtherOrganisation, TestServer } from './server.ts'
import { createUserAgent, formsOf, LeftServer, type Page, type UserAgent } from './user-agent.ts'

const SUITE = 'https://suite.example.org/test/a/foyer'
export const CALLBACK = `${SUITE}/callback`
export const LOGGED_OUT = `${SUITE}/post_logout_redirect`

/** The default organisation's issuer, or another's. */
export type Issuer = TestServer | OtherOrganisation

/** A client as docs/conformance.md registers it. */
export async function registerParty(
  server: Issuer,
  change: Partial<NewClient> = {},
): Promise<Required<Credentials>> {
  const made = await server.register({
    redirectUris: [CALLBACK],
    postLogoutRedirectUris: [LOGGED_OUT],
    pkce: 'optional',
    apiScopes: [],
    ...change,
  })
  return { client_secret: '', ...made }
}

type Parameters = { [name: string]: string | undefined }

/** Where the browser ended: at the suite, with these parameters, or on a page. */
export type End = { parameters: URLSearchParams; address: string } | { page: Page }

export type Party = ReturnType<typeof createParty>

/** One client of the suite, in a browser that was never here, with somebody who types what is asked for. */
export function createParty(
  server: Issuer,
  parts: { client: Required<Credentials>; email: string; more?: Parameters; agent?: UserAgent },
) {
  const { client, email, more = {}, agent = createUserAgent(server.baseUrl) } = parts
  /** The pages with fields or buttons that were seen, by what they asked for. */
  const asked: string[] = []

  /** What the suite's browser does with a page: the first form is the way forward. */
  async function goOn(page: Page): Promise<End> {
    const form = formsOf(page)[0]
    if (page.status >= 400 || !form) return { page }
    if (form.action.startsWith(SUITE))
      return { address: form.action, parameters: new URLSearchParams(form.fields) }
    const field = ['email', 'code'].find((name) => name in form.fields)
    asked.push(field ?? new URL(form.action).pathname.split('/').at(-1) ?? '')
    const typed = field === 'code' ? await server.codeFor(email) : email
    return follow(() => agent.submit(page, field ? { [field]: typed } : {}))
  }

  async function follow(step: () => Promise<Page>): Promise<End> {
    try {
      return await goOn(await step())
    } catch (error) {
      if (!(error instanceof LeftServer)) throw error
      const { location } = error
      return {
        address: `${location.origin}${location.pathname}`,
        parameters: location.searchParams,
      }
    }
  }

  const request = (parameters: Parameters): URLSearchParams => {
    const all: Parameters = {
      client_id: client.client_id,
      redirect_uri: CALLBACK,
      response_type: 'code',
      scope: 'openid',
      state: randomUUID(),
      nonce: randomUUID(),
      ...more,
      ...parameters,
    }
    return new URLSearchParams(
      Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    )
  }

  async function authorize(parameters: Parameters = {}) {
    asked.length = 0
    const sent = request(parameters)
    const end = await follow(() => agent.open(`${server.baseUrl}/oauth/authorize?${sent}`))
    return { sent, end }
  }

  /** The answer at the redirect URI, with the state that was sent. */
  async function answer(parameters: Parameters = {}) {
    const { sent, end } = await authorize(parameters)
    return { sent, answer: answerOf(end, sent.get('state')) }
  }

  async function redeem(code: string, fields: { [name: string]: string } = {}): Promise<Answer> {
    return postForm(server, 'token', {
      client,
      fields: { grant_type: 'authorization_code', code, redirect_uri: CALLBACK, ...fields },
    })
  }

  /** A whole sign-in: the token answer, and what its ID token says. */
  async function signIn(parameters: Parameters = {}) {
    const { sent, answer: given } = await answer(parameters)
    expect(given.get('error')).toBeNull()
    const code = String(given.get('code'))
    const tokens = await redeem(code)
    expect(tokens.status).toBe(200)
    expect(tokens.headers.get('cache-control')).toContain('no-store')
    expect(tokens.body).toMatchObject({ token_type: 'Bearer', access_token: expect.any(String) })
    const claims = await idTokenClaims(server, client.client_id, tokens.body.id_token)
    expect(claims.nonce).toBe(sent.get('nonce') ?? undefined)
    return { code, tokens: tokens.body, claims }
  }

  return { agent, asked, authorize, answer, redeem, signIn, follow, client }
}

/** The parameters with which the browser came back, checked as the suite checks them. */
export function answerOf(end: End, state: string | null): URLSearchParams {
  if (!('parameters' in end)) throw new Error(`the browser stayed on ${end.page.url}`)
  expect(end.address).toBe(CALLBACK)
  expect(end.parameters.get('state')).toBe(state)
  return end.parameters
}

/** The page that was the end of it. */
export function pageOf(end: End): Page {
  if (!('page' in end)) throw new Error(`the browser was sent to ${end.address}`)
  return end.page
}

/** A logout token (Back-Channel Logout 1.0, 2.4), signed like an ID token. */
export async function logoutTokenClaims(
  server: Issuer,
  clientId: string,
  token: string,
): Promise<JWTPayload> {
  const keys = createRemoteJWKSet(new URL(`${server.baseUrl}/oauth/jwks`))
  const { payload } = await jwtVerify(token, keys, {
    issuer: server.baseUrl,
    audience: clientId,
    algorithms: ['RS256'],
    requiredClaims: ['iat', 'jti', 'events'],
  })
  return payload
}

/** ID Token Validation (OpenID Connect Core 3.1.3.7): RS256, by a published key that it names. */
async function idTokenClaims(
  server: Issuer,
  clientId: string,
  token: unknown,
): Promise<JWTPayload> {
  const keys = createRemoteJWKSet(new URL(`${server.baseUrl}/oauth/jwks`))
  const idToken = String(token)
  const { payload } = await jwtVerify(idToken, keys, {
    issuer: server.baseUrl,
    audience: clientId,
    algorithms: ['RS256'],
    requiredClaims: ['sub', 'iat', 'exp'],
  })
  expect(decodeProtectedHeader(idToken).kid).toEqual(expect.any(String))
  return payload
}
