// Applications that register themselves: with a token, within the policy, and nothing else (RFC 7591).

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import * as oidc from 'openid-client'
import type { RegistrationEdit } from '../../src/services/identity/clients/registration-policy.ts'
import { DAY, MINUTE } from '../../src/shared/clock.ts'
import { type Client, clientsCollection } from '../../src/stores/clients.ts'
import { createParty } from '../support/conformance.ts'
import {
  allowRegistration,
  endpointOf,
  type Fields,
  initialToken,
  metadata,
  registered,
  send,
} from '../support/registration.ts'
import type { OtherOrganisation, TestServer } from '../support/server.ts'
import { roomyLimits } from '../support/sign-in-pages.ts'
import { storedBytes } from '../support/stored-bytes.ts'
import { describeOnAllStores } from '../support/stores.ts'

const CALLBACK = 'https://suite.example.org/test/a/foyer/callback'

describeOnAllStores('dynamic registration', (start) => {
  let server: TestServer
  let other: OtherOrganisation
  beforeAll(async () => {
    server = await start()
    other = await server.addOrganisation('other')
    await server.changeSignIn(roomyLimits)
  })
  afterAll(() => server.stop())
  /** Limits of a source are for another test. */
  beforeEach(() => server.clock.forward(MINUTE))

  const allow = (edit: RegistrationEdit = {}) => allowRegistration(server, server, edit)
  const everything: RegistrationEdit = {
    kinds: ['web', 'browser', 'native', 'machine'],
    authMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    apiScopes: ['orders:read'],
    redirectHosts: null,
    pkce: 'required',
  }
  const register = async (change: Fields = {}) =>
    send(endpointOf(server), { token: await initialToken(server, server), body: metadata(change) })
  const discovered = async (issuer: { baseUrl: string }) =>
    (await fetch(`${issuer.baseUrl}/.well-known/openid-configuration`)).json() as Promise<Fields>
  const stored = (id: unknown) =>
    server.documents.collection<Client>(clientsCollection).findOne({ _id: String(id) })

  it('O29: is off by default: not in discovery, and nothing at the address', async () => {
    expect(await discovered(other)).not.toHaveProperty('registration_endpoint')
    const token = await initialToken(server, other)
    expect(await send(endpointOf(other), { token, body: metadata() })).toMatchObject({
      status: 404,
      body: { error: 'not_found' },
    })
  })

  it('is on where an organisation says so, and off again when it says so', async () => {
    await allow()
    expect(await discovered(server)).toMatchObject({ registration_endpoint: endpointOf(server) })
    expect(await discovered(other)).not.toHaveProperty('registration_endpoint')
    const { uri, token } = await registered(server, server)
    await allow({ isOn: false })
    expect((await register()).status).toBe(404)
    expect((await send(uri, { token, method: 'GET' })).status).toBe(404)
    await allow()
    expect((await send(uri, { token, method: 'GET' })).status).toBe(200)
  })

  describe('with what is shown', () => {
    beforeAll(() => allow(everything))

    it('O29: no token, a wrong one, one of another organisation or a revoked one registers nothing', async () => {
      const foreign = await initialToken(server, other)
      const { _id } = server.organisation
      const made = await server.registration.createToken(_id, { name: 'x' }, { actor: 'test' })
      await server.registration.revokeToken(_id, made.record._id, { actor: 'test' })
      const { secret, token: managing } = await registered(server, server)
      for (const token of ['fyr_wrong', foreign, made.token, secret, managing, made.record.digest])
        expect(await send(endpointOf(server), { token, body: metadata() })).toMatchObject({
          status: 401,
          body: { error: 'invalid_token' },
        })
      const none = await send(endpointOf(server), { body: metadata() })
      expect(none.status).toBeGreaterThanOrEqual(400)
      expect(none.body).not.toHaveProperty('client_id')
    })

    it('O29: a token ends with its time and with its uses; a refused registration uses none', async () => {
      const { _id } = server.organisation
      const brief = await server.registration.createToken(
        _id,
        { name: 'x', life: DAY },
        { actor: 'test' },
      )
      server.clock.forward(DAY)
      const post = (token: string, change: Fields = {}) =>
        send(endpointOf(server), { token, body: metadata(change) })
      expect((await post(brief.token)).status).toBe(401)
      const token = await initialToken(server, server)
      expect((await post(token, { redirect_uris: ['ftp://x.example.com'] })).status).toBe(400)
      expect((await post(token)).status).toBe(201)
      expect((await post(token)).status).toBe(401)
    })

    it('O29: a token with one use left, twenty times at once, registers one', async () => {
      const token = await initialToken(server, server)
      const name = `Race ${token.slice(-4)}`
      const all = await Promise.all(
        Array.from({ length: 20 }, () =>
          send(endpointOf(server), { token, body: metadata({ client_name: name }) }),
        ),
      )
      expect(all.map(({ status }) => status).sort()).toEqual([201, ...Array(19).fill(401)])
      const kept = server.documents.collection<Client>(clientsCollection)
      expect(await kept.count({ organisation: server.organisation._id, name })).toBe(1)
    })

    it('D14: the secret and the tokens are told once, and stored as digests', async () => {
      const initial = await initialToken(server, server)
      const { status, headers, body } = await send(endpointOf(server), {
        token: initial,
        body: metadata({ scope: 'openid orders:read' }),
      })
      expect(status).toBe(201)
      expect(headers.get('cache-control')).toBe('no-store')
      expect(body).toEqual({
        client_id: expect.stringMatching(/^cli_/),
        client_id_issued_at: expect.any(Number),
        client_name: 'Tables of Anna',
        client_secret: expect.stringMatching(/^fys_/),
        client_secret_expires_at: expect.any(Number),
        redirect_uris: ['https://app.example.com/callback'],
        post_logout_redirect_uris: [],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_basic',
        application_type: 'web',
        id_token_signed_response_alg: 'RS256',
        scope: 'orders:read',
        registration_client_uri: `${endpointOf(server)}/${body.client_id}`,
        registration_access_token: expect.any(String),
      })
      const bytes = await storedBytes(server)
      for (const value of [initial, body.client_secret, body.registration_access_token])
        expect(bytes).not.toContain(String(value))
      expect(await stored(body.client_id)).toMatchObject({
        kind: 'web',
        firstParty: false,
        pkce: 'required',
        apiScopes: ['orders:read'],
        registeredBy: expect.stringMatching(/^rgt_/),
      })
    })

    it('signs people in, with what it was given, after they were asked', async () => {
      const { id, secret = '' } = await registered(server, server, { redirect_uris: [CALLBACK] })
      const verifier = oidc.randomPKCECodeVerifier()
      const more = {
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      }
      const client = { client_id: id, client_secret: secret }
      const party = createParty(server, { client, email: 'ana.dubois@example.com', more })
      const { answer } = await party.answer()
      expect(party.asked).toContain('permission')
      const code = String(answer.get('code'))
      expect((await party.redeem(code, { code_verifier: verifier })).status).toBe(200)
      // Asked of the API without having registered for it: the scope is not given.
      expect((await stored(id))?.apiScopes).toEqual([])
    })

    it.each([
      ['a browser application', { token_endpoint_auth_method: 'none' }, 'browser'],
      [
        'a native application',
        { application_type: 'native', redirect_uris: ['com.example.app:/cb'] },
        'native',
      ],
      [
        'a machine',
        { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] },
        'machine',
      ],
    ])('registers %s', async (_name, change, kind) => {
      const { status, body } = await register(change)
      expect({ status, body }).toEqual({ status: 201, body: expect.anything() })
      expect(await stored(body.client_id)).toMatchObject({ kind, firstParty: false })
      expect(body.client_secret !== undefined).toBe(kind === 'machine')
    })

    it('registers keys in place of a secret', async () => {
      const { publicKey } = await crypto.subtle.generateKey(
        { name: 'ECDSA', namedCurve: 'P-256' },
        true,
        ['sign', 'verify'],
      )
      const jwk = { ...(await crypto.subtle.exportKey('jwk', publicKey)), kid: 'one', alg: 'ES256' }
      const change = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } }
      const { status, body } = await register(change)
      expect({ status, body }).toMatchObject({
        status: 201,
        body: { token_endpoint_auth_method: 'private_key_jwt' },
      })
      expect(body).not.toHaveProperty('client_secret')
    })

    it('P02: what it is not asked for it cannot set: nobody makes itself first-party', async () => {
      const { body } = await register({
        foyer_client: { firstParty: true, pkce: 'optional' },
        firstParty: true,
        first_party: true,
        client_id: 'demo',
        client_secret: 'chosen',
        client_secret_expires_at: 0,
        organisation: other.organisation._id,
        pkce: 'optional',
        apiScopes: ['sessions:write'],
        default_max_age: 1,
        require_auth_time: true,
        __proto__: { firstParty: true },
      })
      expect(body.client_id).toMatch(/^cli_/)
      expect(body.client_secret).not.toBe('chosen')
      expect(body).not.toHaveProperty('foyer_client')
      expect(await stored(body.client_id)).toMatchObject({
        organisation: server.organisation._id,
        firstParty: false,
        pkce: 'required',
        apiScopes: [],
      })
    })
  })
})
