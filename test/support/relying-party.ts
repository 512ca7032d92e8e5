// A relying party as developers build one, on openid-client: it knows the issuer and nothing else of us.

import * as oidc from 'openid-client'
import { REDIRECT_URI, type TestServer } from './server.ts'
import { createUserAgent, LeftServer, type Page, type Send, type UserAgent } from './user-agent.ts'

export type RelyingParty = {
  config: oidc.Configuration
  /** The address of an authorization request, and what its answer is checked against. */
  authorize(parameters?: { [name: string]: string }): Promise<Pending>
  exchange(callback: URL, pending: Pending): ReturnType<typeof oidc.authorizationCodeGrant>
}

export type Pending = { url: URL; verifier: string; state: string; nonce: string }

const SCOPE =
  'openid profile email profile:read profile:write orders:read bookings:read enquiries:read'

export async function createRelyingParty(
  server: Pick<TestServer, 'baseUrl'>,
  client: { client_id: string; client_secret?: string },
  redirectUri = REDIRECT_URI,
  send: Send = fetch,
): Promise<RelyingParty> {
  const authentication = client.client_secret
    ? oidc.ClientSecretBasic(client.client_secret)
    : oidc.None()
  const config = await oidc.discovery(
    new URL(server.baseUrl),
    client.client_id,
    {},
    authentication,
    {
      execute: [oidc.allowInsecureRequests],
      [oidc.customFetch]: (url, options) => send(new URL(url), options as RequestInit), // what fetch takes
    },
  )
  return {
    config,
    async authorize(parameters = {}) {
      const verifier = oidc.randomPKCECodeVerifier()
      const state = oidc.randomState()
      const nonce = oidc.randomNonce()
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: SCOPE,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
        ...parameters,
      })
      return { url, verifier, state, nonce }
    },
    exchange: (callback, { verifier, state, nonce }) =>
      oidc.authorizationCodeGrant(config, callback, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
      }),
  }
}

/** Walks the pages as a customer would, up to where the browser leaves for the relying party. */
export async function signIn(
  server: Pick<TestServer, 'baseUrl' | 'codeFor'>,
  {
    url,
    email,
    agent = createUserAgent(server.baseUrl),
  }: { url: URL; email: string; agent?: UserAgent },
): Promise<URL> {
  return untilLeft(async () => {
    let page: Page = await agent.open(url)
    page = await agent.submit(page, { email })
    page = await agent.submit(page, { code: await server.codeFor(email) })
    return agent.submit(page)
  })
}

/** The address that the browser was sent to when it left the server. */
export async function untilLeft(walk: () => Promise<Page | undefined>): Promise<URL> {
  try {
    const last = await walk()
    const heading = /<h1[^>]*>(.*?)<\/h1>/.exec(last?.html ?? '')?.[1]
    throw new Error(`the browser never left the server: ${last?.status} ${heading}`)
  } catch (error) {
    if (error instanceof LeftServer) return error.location
    throw error
  }
}
