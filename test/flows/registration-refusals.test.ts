// What no application can register: bad addresses, addresses inside, and whatever the policy leaves out.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { RegistrationEdit } from '../../src/services/identity/clients/registration-policy.ts'
import { MINUTE } from '../../src/shared/clock.ts'
import {
  allowRegistration,
  endpointOf,
  type Fields,
  initialToken,
  metadata,
  send,
} from '../support/registration.ts'
import { startServer, type TestServer } from '../support/server.ts'

describe('dynamic registration, refusing', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())
  beforeEach(() => server.clock.forward(MINUTE))
  const policy = (edit: RegistrationEdit) => allowRegistration(server, server, edit)
  const refused = async (change: Fields): Promise<Fields> => {
    const token = await initialToken(server, server)
    const { status, body } = await send(endpointOf(server), { token, body: metadata(change) })
    expect({ status, body }).toMatchObject({ status: 400, body: { error: expect.any(String) } })
    expect(body).not.toHaveProperty('client_id')
    return body
  }

  describe('under the widest policy', () => {
    beforeAll(() => policy({ kinds: ['web', 'browser', 'native', 'machine'] }))

    it.each([
      'javascript:alert(1)//',
      'data:text/html,<script>alert(1)</script>',
      'vbscript:msgbox(1)',
      'file:///etc/passwd',
      'blob:https://app.example.com/1',
      'https://*.example.com/cb',
      'https://*',
      '*',
      'https://app.example.com/cb#fragment',
      'https://user:pass@app.example.com/cb',
      'http://app.example.com.evil.test\\@x/cb',
      'https://app.example.com/../cb',
      '//app.example.com/cb',
      'not an address',
      '',
    ])('O05: the redirect URI %s', async (uri) => {
      const web = await refused({ redirect_uris: [uri] })
      expect(String(web.error)).toMatch(/^invalid_(redirect_uri|client_metadata)$/)
      await refused({ application_type: 'native', redirect_uris: [uri] })
      await refused({ post_logout_redirect_uris: [uri] })
    })

    const inside = [
      'http://127.0.0.1/x',
      'https://169.254.169.254/latest/meta-data',
      'https://10.0.0.1/x',
      'https://[::ffff:10.0.0.1]/x',
      'https://[fd00::1]/x',
      'https://2852039166/x',
      'https://0x7f.1/x',
      'file:///etc/passwd',
      'javascript:alert(1)',
    ].filter((uri) => !uri.includes('127.') && !uri.includes('0x7f')) // this machine may be called in development
    const fields = [
      'logo_uri',
      'policy_uri',
      'tos_uri',
      'backchannel_logout_uri',
      'jwks_uri',
      'sector_identifier_uri',
    ]
    it.each(fields.flatMap((field) => inside.map((uri) => [field, uri])))(
      'O29, A01: %s inside: %s',
      async (field = '', uri) => {
        const { error, error_description } = await refused({ [field]: uri })
        expect([error, error_description]).toEqual([
          'invalid_client_metadata',
          expect.stringContaining(field),
        ])
      },
    )

    it.each(inside)('O29, A01: keys to be fetched inside: %s', async (jwks_uri) => {
      const keys = { token_endpoint_auth_method: 'private_key_jwt', jwks_uri }
      expect((await refused(keys)).error_description).toMatch(/^jwks_uri: .*(public|https|address)/)
    })

    it.each<[string, Fields, string]>([
      ['a software statement', { software_statement: 'eyJ…' }, 'unapproved_software_statement'],
      ['the implicit grant', { grant_types: ['implicit'] }, 'invalid_client_metadata'],
      ['the response type of it', { response_types: ['id_token'] }, 'invalid_client_metadata'],
      ['passwords', { grant_types: ['authorization_code', 'password'] }, 'invalid_client_metadata'],
      [
        'a person and a machine in one',
        { grant_types: ['authorization_code', 'client_credentials'] },
        'invalid_client_metadata',
      ],
      [
        'a secret in clear for signatures',
        { token_endpoint_auth_method: 'client_secret_jwt' },
        'invalid_client_metadata',
      ],
      [
        'a secret in a native application',
        { application_type: 'native', token_endpoint_auth_method: 'client_secret_basic' },
        'invalid_client_metadata',
      ],
      [
        'keys without keys',
        { token_endpoint_auth_method: 'private_key_jwt' },
        'invalid_client_metadata',
      ],
      [
        'a private key',
        {
          token_endpoint_auth_method: 'private_key_jwt',
          jwks: { keys: [{ kty: 'oct', k: 'AAAA' }] },
        },
        'invalid_client_metadata',
      ],
      ['pairwise subjects', { subject_type: 'pairwise' }, 'invalid_client_metadata'],
      ['unsigned ID tokens', { id_token_signed_response_alg: 'none' }, 'invalid_client_metadata'],
      ['a name that turns the text round', { client_name: 'a\u202eb' }, 'invalid_client_metadata'],
      ['no redirect URI', { redirect_uris: [] }, 'invalid_redirect_uri'],
      [
        'redirect URIs that are no list',
        { redirect_uris: 'https://app.example.com/cb' },
        'invalid_redirect_uri',
      ],
      ['redirect URIs that are no text', { redirect_uris: [{}] }, 'invalid_redirect_uri'],
      ['a scope of the house alone', { scope: 'openid sessions:write' }, 'invalid_client_metadata'],
      ['an API scope that is not allowed', { scope: 'orders:read' }, 'invalid_client_metadata'],
    ])('O29: %s', async (_name, change, error) => {
      expect((await refused(change)).error).toBe(error)
    })

    const jwks_uri = 'https://keys.example.com/jwks'
    it.each<[string, Fields, string]>([
      [
        'keys in two places',
        { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [] }, jwks_uri },
        'jwks_uri: is sent in place of jwks',
      ],
      [
        'a response type of a machine',
        { grant_types: ['client_credentials'], redirect_uris: [], response_types: ['code'] },
        'response_types: a machine has none',
      ],
    ])('O29: %s, and says why', async (_name, change, words) => {
      expect((await refused(change)).error_description).toContain(words)
    })

    it.each(['[]', '"x"', 'null', '{', '{"redirect_uris":["\\u0000"]}'])(
      'the body %s',
      async (body) => {
        const token = await initialToken(server, server)
        const { status } = await send(endpointOf(server), { token, body })
        expect(status).toBe(400)
      },
    )
  })

  describe('beyond the policy', () => {
    beforeAll(() =>
      policy({
        kinds: ['web'],
        authMethods: ['private_key_jwt'],
        redirectHosts: ['app.example.com'],
        apiScopes: ['orders:read'],
      }),
    )

    it.each<[string, Fields, string]>([
      [
        'another kind',
        { token_endpoint_auth_method: 'none' },
        'grant_types: clients of kind browser',
      ],
      ['another way to authenticate', {}, 'token_endpoint_auth_method: client_secret_basic'],
      [
        'another host',
        { redirect_uris: ['https://evil.example.com/cb'] },
        'redirect_uris: https://evil',
      ],
      [
        'a host that begins like it',
        { redirect_uris: ['https://app.example.com.evil.test/cb'] },
        'redirect_uris: ',
      ],
      [
        'another host to sign out to',
        { post_logout_redirect_uris: ['https://evil.test/'] },
        'post_logout_redirect_uris: ',
      ],
      ['another API scope', { scope: 'orders:read bookings:read' }, 'scope: bookings:read'],
    ])('%s', async (_name, change, words) => {
      expect((await refused(change)).error_description).toContain(words)
    })
  })

  it('more than 120 requests in a minute from one source', async () => {
    await policy({ authMethods: ['client_secret_basic'], redirectHosts: null })
    const post = () => send(`${server.baseUrl}/oauth/Register`, { token: 'fyr_x', body: {} })
    const all = await Promise.all(Array.from({ length: 120 }, post))
    expect(all.map(({ status }) => status)).not.toContain(429)
    const limited = await send(endpointOf(server), { token: 'fyr_x', body: {} })
    expect(limited).toMatchObject({ status: 429, body: { error: 'rate_limited' } })
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})
