// An application that signs its customers in on its own page: two requests to the challenge endpoint, then the token endpoint.

import * as oidc from 'openid-client'
import type { ProofKey } from './dpop.ts'
import { type Answer, answerOf } from './endpoints.ts'
import type { TestServer } from './server.ts'

type Fields = { [name: string]: string | undefined }

export type OwnPage = {
  /** The PKCE verifier of all its sign-ins. */
  verifier: string
  nonce: string
  /** One request to the challenge endpoint with these fields, and headers beside its own. */
  ask(fields: Fields, headers?: Fields): Promise<Answer>
  /** The first request: everything that it needs, but for what is overruled. */
  begin(email: string, more?: Fields, headers?: Fields): Promise<Answer>
  /** Begins, and answers what the sign-in is known by. */
  begun(email: string, more?: Fields): Promise<string>
  /** The second request. */
  prove(session: string, otp: string, more?: Fields): Promise<Answer>
  /** Both, with the code that was mailed; the authorization code. */
  codeOf(email: string, more?: Fields): Promise<string>
  /** At the token endpoint, as every library would. */
  redeem(code: string, more?: Fields, headers?: Fields): Promise<Answer>
  signIn(email: string, more?: Fields): Promise<{ [member: string]: string }>
}

/** `origin` is left out by apps, which send none; with a key, every request proves it. */
export function createOwnPage(
  issuer: Pick<TestServer, 'baseUrl' | 'codeFor'>,
  client: { client_id: string },
  { origin, key }: { origin?: string; key?: ProofKey } = {},
): OwnPage {
  const verifier = oidc.randomPKCECodeVerifier()
  const nonce = oidc.randomNonce()

  async function post(endpoint: string, fields: Fields, headers: Fields = {}): Promise<Answer> {
    const uri = `${issuer.baseUrl}/oauth/${endpoint}`
    const dpop = await key?.proof({ method: 'POST', uri })
    const response = await fetch(uri, {
      method: 'POST',
      headers: known({ origin, dpop, ...headers }),
      body: new URLSearchParams(known(fields)),
    })
    return answerOf(response)
  }

  const page: OwnPage = {
    verifier,
    nonce,
    ask: (fields, headers) => post('challenge', fields, headers),

    async begin(email, more = {}, headers = {}) {
      const fields = {
        client_id: client.client_id,
        response_type: 'code',
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        nonce,
        email,
      }
      return page.ask({ ...fields, ...more }, headers)
    },

    async begun(email, more) {
      const { status, body } = await page.begin(email, more)
      if (status !== 403 || typeof body.auth_session !== 'string')
        throw new Error(`it did not begin: ${status} ${JSON.stringify(body)}`)
      return body.auth_session
    },

    prove: (session, otp, more = {}) => page.ask({ auth_session: session, otp, ...more }),

    async codeOf(email, more) {
      const session = await page.begun(email, more)
      const { status, body } = await page.prove(session, await issuer.codeFor(email))
      if (status !== 200) throw new Error(`no code: ${status} ${JSON.stringify(body)}`)
      return String(body.authorization_code)
    },

    redeem: (code, more = {}, headers = {}) =>
      post(
        'token',
        {
          grant_type: 'authorization_code',
          client_id: client.client_id,
          code,
          code_verifier: verifier,
          ...more,
        },
        headers,
      ),

    async signIn(email, more) {
      const { status, body } = await page.redeem(await page.codeOf(email, more))
      if (status !== 200) throw new Error(`no tokens: ${status} ${JSON.stringify(body)}`)
      return body as { [member: string]: string } // RFC 6749, 5.1, but for `expires_in`
    },
  }
  return page
}

/** Without those that are left out. */
function known(fields: Fields): { [name: string]: string } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [name: string]: string } // just looked at
}
