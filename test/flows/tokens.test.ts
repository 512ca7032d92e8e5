// What the token endpoint gives to whom: the two kinds of access token, ID tokens, clients and their proofs.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import * as oidc from 'openid-client'
import { type Credentials, postForm, refresh, userinfo } from '../support/endpoints.ts'
import { type Person, signedInPerson, tokensFor } from '../support/journeys.ts'
import { createRelyingParty, untilLeft } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'

let server: TestServer
let person: Person
let api: string
/** Third-party clients: one that only signs people in, one that reads the Client API. */
let plain: Credentials
let reader: Credentials

beforeAll(async () => {
  server = await startServer()
  person = await signedInPerson(server, 'ana.dubois@example.com')
  api = `${server.baseUrl}/api/client/v1`
  plain = await server.register({ apiScopes: [] })
  reader = await server.register()
})
afterAll(() => server.stop())

const scope = (value: string, more: object = {}) => ({ parameters: { scope: value, ...more } })
const now = (): number => Math.floor(Date.now() / 1000)

describe('the access token', () => {
  it('of a client that asks no API scope is opaque, for userinfo, for an hour', async () => {
    for (const client of [plain, reader]) {
      const tokens = await tokensFor(server, person, { client, ...scope('openid email') })
      expect(tokens).toMatchObject({
        token_type: 'bearer',
        expires_in: 3600,
        scope: 'openid email',
      })
      expect(tokens.access_token).toMatch(/^[\w-]{43}$/)
      expect((await userinfo(server, tokens.access_token)).body).toEqual({
        sub: tokens.claims()?.sub,
        email: 'ana.dubois@example.com',
        email_verified: true,
      })
    }
  })

  it('of a client that asks an API scope is a JWT with these claims and no others', async () => {
    const tokens = await tokensFor(server, person, {
      client: reader,
      ...scope('openid profile:read orders:read'),
    })
    expect(decodeProtectedHeader(tokens.access_token)).toEqual({
      alg: 'RS256',
      typ: 'at+jwt',
      kid: expect.any(String),
    })
    const claims = decodeJwt(tokens.access_token)
    expect(claims).toEqual({
      iss: server.baseUrl,
      aud: api,
      sub: tokens.claims()?.sub,
      client_id: reader.client_id,
      org: server.organisation._id,
      scope: 'openid profile:read orders:read',
      sid: expect.any(String),
      gid: expect.any(String),
      auth_time: tokens.claims()?.auth_time,
      acr: 'urn:foyer:acr:email-code',
      iat: expect.any(Number),
      exp: Number(claims.iat) + 3600,
      jti: expect.any(String),
    })
    expect(tokens).toMatchObject({ expires_in: 3600, scope: claims.scope })
    const keys = createRemoteJWKSet(new URL(`${server.baseUrl}/oauth/jwks`))
    await jwtVerify(tokens.access_token, keys, { issuer: server.baseUrl, audience: api })
  })

  it('of a first-party client is always for the API', async () => {
    const client = await server.register({ firstParty: true, apiScopes: [] })
    const tokens = await tokensFor(server, person, { client, ...scope('openid') })
    expect(decodeJwt(tokens.access_token)).toMatchObject({ aud: api, scope: 'openid' })
  })

  it('is for the API that was named at authorization, named again or not', async () => {
    const tokens = await tokensFor(server, person, {
      client: reader,
      ...scope('openid orders:read', { resource: api }),
    })
    expect(decodeJwt(tokens.access_token)).toMatchObject({ aud: api })
    const again = await refresh(server, reader, { refresh_token: tokens.refresh_token })
    expect(decodeJwt(String(again.body.access_token))).toMatchObject({
      aud: api,
      scope: 'openid orders:read',
    })
  })

  it('leaves out API scopes that the client was not given, and those of first-party clients', async () => {
    const client = await server.register({ apiScopes: ['orders:read'] })
    const tokens = await tokensFor(server, person, {
      client,
      ...scope('openid orders:read invoices:read sessions:write'),
    })
    expect(tokens.scope).toBe('openid orders:read')
  })

  it.each([
    ['unknown', { resource: 'https://api.evil.test' }],
    ['almost ours', { resource: `http://localhost/api/client/v1` }],
  ])('O30: for a resource that is %s is refused', async (_name, parameters) => {
    const party = await createRelyingParty(server, reader)
    const { url } = await party.authorize(parameters)
    const left = await untilLeft(() => person.agent.open(url))
    expect(left.searchParams.get('error')).toBe('invalid_target')
  })

  it('O30: for the API is refused to a client that may not use it', async () => {
    const party = await createRelyingParty(server, plain)
    const { url } = await party.authorize({ scope: 'openid', resource: api })
    const left = await untilLeft(() => person.agent.open(url))
    expect(left.searchParams.get('error')).toBe('invalid_target')
  })
})

describe('the ID token', () => {
  it('is signed with RS256 by a published key, and says who signed in, when and how', async () => {
    const before = now()
    const tokens = await tokensFor(server, person, { client: plain, ...scope('openid email') })
    const keys = createRemoteJWKSet(new URL(`${server.baseUrl}/oauth/jwks`))
    const { payload, protectedHeader } = await jwtVerify(String(tokens.id_token), keys)
    expect(protectedHeader).toEqual({ alg: 'RS256', kid: expect.any(String) })
    expect(payload).toEqual({
      iss: server.baseUrl,
      aud: plain.client_id,
      sub: expect.stringMatching(/^acc_/),
      nonce: expect.any(String),
      sid: expect.any(String),
      auth_time: expect.any(Number),
      amr: ['otp'],
      acr: 'urn:foyer:acr:email-code',
      iat: expect.any(Number),
      exp: Number(payload.iat) + 3600,
    })
    expect(Number(payload.auth_time)).toBeLessThanOrEqual(before)
  })

  it('is signed with ES256 for a client whose metadata asks for it', async () => {
    const client = await server.register({ firstParty: true })
    const tokens = await tokensFor(server, person, { client, ...scope('openid') })
    expect(decodeProtectedHeader(String(tokens.id_token))).toMatchObject({ alg: 'ES256' })
  })

  it('carries the claims of its scopes where the access token is for the API, as userinfo does', async () => {
    const tokens = await tokensFor(server, person, {
      client: reader,
      ...scope('openid email profile phone orders:read'),
    })
    const { status, body } = await userinfo(server, tokens.access_token)
    expect(status).toBe(200)
    expect(body).toMatchObject({ email: 'ana.dubois@example.com', given_name: 'Ana' })
    expect(tokens.claims()).toMatchObject(body)
  })

  it('is not there when `openid` was not asked, and userinfo then refuses the token', async () => {
    const party = await createRelyingParty(server, reader)
    const pending = await party.authorize({ scope: 'orders:read' })
    pending.url.searchParams.delete('nonce')
    const callback = await untilLeft(() => person.agent.open(pending.url))
    const tokens = await oidc.authorizationCodeGrant(party.config, callback, {
      pkceCodeVerifier: pending.verifier,
      expectedState: pending.state,
    })
    expect(tokens.id_token).toBeUndefined()
    expect(await userinfo(server, tokens.access_token)).toMatchObject({
      status: 403,
      body: { error: 'insufficient_scope' },
    })
  })
})

describe('userinfo', () => {
  it('answers GET and POST, by header or form, and is not kept', async () => {
    for (const asked of ['openid email', 'openid email orders:read']) {
      const { access_token } = await tokensFor(server, person, { client: reader, ...scope(asked) })
      const { body } = await userinfo(server, access_token)
      const headers = { authorization: `Bearer ${access_token}` }
      const answers = [
        await postForm(server, 'userinfo', { headers }),
        await postForm(server, 'userinfo', { fields: { access_token } }),
      ]
      for (const answer of answers) {
        expect(answer).toMatchObject({ status: 200, body })
        expect(answer.headers.get('cache-control')).toBe('no-store')
      }
    }
  })

  it.each([
    ['no token', {}],
    ['an unknown token', { authorization: 'Bearer unknown' }],
    ['a forged JWT', { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.x' }],
  ])('refuses %s with 401, and says how to do better', async (_name, headers) => {
    const response = await fetch(`${server.baseUrl}/oauth/userinfo`, { headers })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer realm=/)
    expect(await response.json()).toHaveProperty('error', 'invalid_token')
  })

  it('does not look for a token in the address', async () => {
    const { access_token } = await tokensFor(server, person, { client: plain, ...scope('openid') })
    const address = `${server.baseUrl}/oauth/userinfo?access_token=${access_token}`
    expect((await fetch(address)).status).toBe(400)
  })

  it('refuses a token after its hour, of either kind', async () => {
    for (const asked of ['openid', 'openid orders:read']) {
      const { access_token } = await tokensFor(server, person, { client: reader, ...scope(asked) })
      server.clock.forward(3600_000 + 16_000)
      expect((await userinfo(server, access_token)).status).toBe(401)
      server.clock.forward(-(3600_000 + 16_000))
      expect((await userinfo(server, access_token)).status).toBe(200)
    }
  })
})
