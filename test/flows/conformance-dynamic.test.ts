// The OpenID conformance suite's plan for dynamic registration, module by module: what each of them asserts.

import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createRemoteJWKSet, exportJWK, generateKeyPair, type JWK, jwtVerify, SignJWT } from 'jose'
import { MINUTE } from '../../src/shared/clock.ts'
import { CALLBACK, createParty, type Issuer, pageOf } from '../support/conformance.ts'
import { type Answer, postForm } from '../support/endpoints.ts'
import {
  allowRegistration,
  endpointOf,
  type Fields,
  initialToken,
  registered,
  send,
} from '../support/registration.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { roomyLimits } from '../support/sign-in-pages.ts'

const EMAIL = 'ana.dubois@example.com'
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** The suite's own key, and the address at which it publishes it. */
type Keys = { privateKey: CryptoKey; jwk: JWK }

async function newKeys(): Promise<Keys> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid: randomUUID(), use: 'sig', alg: 'RS256' }
  return { privateKey, jwk }
}

let server: TestServer
let publisher: Server
let keysUri: string
let published: { keys: JWK[] }
let asked = 0

beforeAll(async () => {
  server = await startServer()
  publisher = createServer((_request, response) => {
    asked += 1
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(published))
  }).listen(0, '127.0.0.1')
  await once(publisher, 'listening')
  keysUri = `http://127.0.0.1:${(publisher.address() as AddressInfo).port}/jwks` // it listens on a port
})
afterAll(async () => {
  publisher.close()
  await server.stop()
})
beforeEach(() => server.clock.forward(MINUTE))

describe.each(['the default organisation', 'another'])(
  'O01 dynamic: oidcc-dynamic-certification-test-plan, at the issuer of %s',
  (where) => {
    let issuer: Issuer
    let keys: Keys
    beforeAll(async () => {
      issuer = where === 'another' ? await server.addOrganisation('another') : server
      await server.organisations.change(issuer.organisation._id, { signIn: roomyLimits })
      await allowRegistration(server, issuer, { pkce: 'optional' })
      keys = await newKeys()
      published = { keys: [keys.jwk] }
    })

    /** As the suite's variant for `private_key_jwt` registers. */
    async function client(change: Fields = {}) {
      const { jwks = { keys: [keys.jwk] }, ...others } = change
      const made = await registered(server, issuer, {
        redirect_uris: [CALLBACK],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'private_key_jwt',
        ...('jwks_uri' in change ? {} : { jwks }),
        ...others,
      })
      return { ...made, client_id: made.id, client_secret: '' }
    }
    type Made = Awaited<ReturnType<typeof client>>

    const partyOf = (made: Made) => createParty(issuer, { client: made, email: EMAIL })

    async function token(
      made: Made,
      fields: { [name: string]: string },
      by = keys,
    ): Promise<Answer> {
      const now = Math.floor(Date.now() / 1000)
      const assertion = await new SignJWT({ jti: randomUUID() })
        .setProtectedHeader({ alg: 'RS256', kid: by.jwk.kid ?? '' })
        .setIssuer(made.id)
        .setSubject(made.id)
        .setAudience(issuer.baseUrl)
        .setIssuedAt(now)
        .setExpirationTime(now + 60)
        .sign(by.privateKey)
      return postForm(issuer, 'token', {
        fields: {
          client_assertion_type: ASSERTION_TYPE,
          client_assertion: assertion,
          ...fields,
        },
      })
    }

    async function signIn(made: Made, parameters: { [name: string]: string } = {}, by = keys) {
      const { sent, answer } = await partyOf(made).answer(parameters)
      const tokens = await token(
        made,
        {
          grant_type: 'authorization_code',
          code: String(answer.get('code')),
          redirect_uri: sent.get('redirect_uri') ?? '',
        },
        by,
      )
      expect(tokens).toMatchObject({ status: 200, body: { access_token: expect.any(String) } })
      return tokens.body
    }

    const verified = async (jwt: unknown, audience: string) =>
      jwtVerify(String(jwt), createRemoteJWKSet(new URL(`${issuer.baseUrl}/oauth/jwks`)), {
        issuer: issuer.baseUrl,
        audience,
        algorithms: ['RS256'],
      })

    const userinfo = (accessToken: unknown) =>
      fetch(`${issuer.baseUrl}/oauth/userinfo`, {
        headers: { authorization: `Bearer ${accessToken}` },
      })

    it('oidcc-discovery-endpoint-verification: names the registration endpoint', async () => {
      const answer = await fetch(`${issuer.baseUrl}/.well-known/openid-configuration`)
      expect(await answer.json()).toMatchObject({
        issuer: issuer.baseUrl,
        registration_endpoint: endpointOf(issuer),
        token_endpoint_auth_methods_supported: expect.arrayContaining(['private_key_jwt']),
        userinfo_signing_alg_values_supported: ['RS256'],
      })
    })

    it('oidcc-server, oidcc-idtoken-rs256, oidcc-ensure-client-assertion-with-iss-aud-succeeds', async () => {
      const made = await client({ id_token_signed_response_alg: 'RS256' })
      const tokens = await signIn(made)
      const { payload } = await verified(tokens.id_token, made.id)
      const answer = await userinfo(tokens.access_token)
      expect(await answer.json()).toMatchObject({ sub: payload.sub })
    })

    it('oidcc-ensure-redirect-uri-in-authorization-request: an error page without it', async () => {
      const { end } = await partyOf(await client()).authorize({ redirect_uri: undefined })
      expect(pageOf(end).status).toBe(400)
    })

    it('oidcc-redirect-uri-query-OK: the query of a redirect URI comes back', async () => {
      const redirect_uri = `${CALLBACK}?foo=bar`
      const made = await client({ redirect_uris: [redirect_uri] })
      const party = partyOf(made)
      const { sent, answer } = await party.answer({ redirect_uri })
      expect(answer.get('foo')).toBe('bar')
      const code = String(answer.get('code'))
      const fields = {
        grant_type: 'authorization_code',
        code,
        redirect_uri: sent.get('redirect_uri') ?? '',
      }
      expect((await token(made, fields)).status).toBe(200)
    })

    it.each([
      ['oidcc-redirect-uri-query-added', CALLBACK, `${CALLBACK}?foo=bar`],
      ['oidcc-redirect-uri-query-mismatch', `${CALLBACK}?foo=bar`, `${CALLBACK}?bar=foo`],
    ])('%s: an error page', async (_module, known, redirect_uri) => {
      const made = await client({ redirect_uris: [known] })
      const { end } = await partyOf(made).authorize({ redirect_uri })
      expect(pageOf(end).status).toBe(400)
    })

    it.each<[string, Fields]>([
      ['oidcc-redirect-uri-regfrag', { redirect_uris: [`${CALLBACK}#foobar`] }],
      ['oidcc-registration-sector-bad', { sector_identifier_uri: 'https://suite.example.org/x' }],
      ['oidcc-idtoken-unsigned, as it may be', { id_token_signed_response_alg: 'none' }],
    ])('%s: a registration is refused', async (_module, change) => {
      const body = { redirect_uris: [CALLBACK], ...change }
      const answer = await send(endpointOf(issuer), {
        token: await initialToken(server, issuer),
        body,
      })
      expect(answer).toMatchObject({
        status: 400,
        body: { error: expect.stringMatching(/^invalid_(redirect_uri|client_metadata)$/) },
      })
    })

    it('oidcc-registration-logo-uri, -policy-uri, -tos-uri: are kept, and told', async () => {
      const links = {
        logo_uri: 'https://suite.example.org/logo.png',
        policy_uri: 'https://suite.example.org/policy.html',
        tos_uri: 'https://suite.example.org/tos.html',
      }
      const made = await client(links)
      expect(made.body).toMatchObject(links)
      await signIn(made)
    })

    it('oidcc-registration-jwks-uri: its keys are fetched when it shows who it is, and not before', async () => {
      asked = 0
      published = { keys: [keys.jwk] }
      const made = await client({ jwks_uri: keysUri })
      expect(made.body).toMatchObject({ jwks_uri: keysUri })
      expect(asked).toBe(0)
      await signIn(made)
      expect(asked).toBe(1)
      expect(
        (await token(made, { grant_type: 'authorization_code', code: 'x' }, await newKeys()))
          .status,
      ).toBe(401)
    })

    it('oidcc-refresh-token: a new access token, for the same subject', async () => {
      const made = await client()
      const tokens = await signIn(made, { scope: 'openid offline_access', prompt: 'consent' })
      const again = await token(made, {
        grant_type: 'refresh_token',
        refresh_token: String(tokens.refresh_token),
      })
      expect(again.status).toBe(200)
      const subjectOf = async (jwt: unknown) => (await verified(jwt, made.id)).payload.sub
      expect(await subjectOf(again.body.id_token)).toBe(await subjectOf(tokens.id_token))
    })

    it('oidcc-userinfo-rs256: userinfo as a signed JWT', async () => {
      const made = await client({ userinfo_signed_response_alg: 'RS256' })
      expect(made.body).toMatchObject({ userinfo_signed_response_alg: 'RS256' })
      const tokens = await signIn(made)
      const answer = await userinfo(tokens.access_token)
      expect(answer.headers.get('content-type')).toMatch(/^application\/jwt/)
      const { payload } = await verified(await answer.text(), made.id)
      expect(payload.sub).toBe((await verified(tokens.id_token, made.id)).payload.sub)
    })
  },
)

it('oidcc-request-uri-unsigned, -signed-rs256, oidcc-ensure-request-object-with-redirect-uri: skipped, for none is taken', async () => {
  const { body } = await registered(server, server, { redirect_uris: [CALLBACK] })
  const query = new URLSearchParams({
    client_id: String(body.client_id),
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope: 'openid',
    request_uri: 'https://suite.example.org/request.jwt',
  })
  const answer = await fetch(`${server.baseUrl}/oauth/authorize?${query}`, { redirect: 'manual' })
  expect(new URL(answer.headers.get('location') ?? '').searchParams.get('error')).toBe(
    'request_uri_not_supported',
  )
})
