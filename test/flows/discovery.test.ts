// What the issuer announces, and that it keeps to it: metadata, keys, methods, origins.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { apiScopes } from '../../src/services/identity/clients/api-scopes.ts'
import { answerOf, postForm } from '../support/endpoints.ts'
import { signedInPerson, tokensFor } from '../support/journeys.ts'
import { REDIRECT_URI, startServer, type TestServer } from '../support/server.ts'

type Metadata = { [member: string]: unknown }

let server: TestServer
let metadata: Metadata

const get = (path: string, init?: RequestInit): Promise<Response> =>
  fetch(`${server.baseUrl}${path}`, { redirect: 'manual', ...init })

beforeAll(async () => {
  server = await startServer()
  metadata = (await (await get('/.well-known/openid-configuration')).json()) as Metadata
})
afterAll(() => server.stop())

describe('discovery', () => {
  it('announces exactly what is there', () => {
    const at = (path: string): string => `${server.baseUrl}${path}`
    expect(metadata).toEqual({
      issuer: server.baseUrl,
      authorization_endpoint: at('/oauth/authorize'),
      authorization_challenge_endpoint: at('/oauth/challenge'),
      token_endpoint: at('/oauth/token'),
      userinfo_endpoint: at('/oauth/userinfo'),
      userinfo_signing_alg_values_supported: ['RS256'],
      jwks_uri: at('/oauth/jwks'),
      introspection_endpoint: at('/oauth/introspect'),
      revocation_endpoint: at('/oauth/revoke'),
      pushed_authorization_request_endpoint: at('/oauth/par'),
      end_session_endpoint: at('/oauth/logout'),
      response_types_supported: ['code'],
      response_modes_supported: ['form_post', 'fragment', 'query'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      acr_values_supported: ['urn:foyer:acr:email-code'],
      backchannel_logout_session_supported: true,
      backchannel_logout_supported: true,
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256', 'ES256'],
      dpop_signing_alg_values_supported: ['ES256', 'EdDSA'],
      token_endpoint_auth_methods_supported: authMethods,
      token_endpoint_auth_signing_alg_values_supported: keyAlgorithms,
      introspection_endpoint_auth_methods_supported: authMethods,
      introspection_endpoint_auth_signing_alg_values_supported: keyAlgorithms,
      revocation_endpoint_auth_methods_supported: authMethods,
      revocation_endpoint_auth_signing_alg_values_supported: keyAlgorithms,
      scopes_supported: [
        ...['openid', 'profile', 'email', 'phone', 'address', 'offline_access'],
        ...apiScopes,
      ],
      claims_supported: expect.arrayContaining(['sub', 'sid', 'email', 'auth_time', 'amr', 'acr']),
      claim_types_supported: ['normal'],
      claims_parameter_supported: false,
      request_uri_parameter_supported: false,
      ui_locales_supported: ['en', 'de', 'ar'],
    })
  })

  const authMethods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none']
  const keyAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519']

  it('says the same at the address of RFC 8414', async () => {
    const oauth = await get('/.well-known/oauth-authorization-server')
    expect(await oauth.json()).toEqual(metadata)
  })

  it('names endpoints that are there', async () => {
    const endpoints = Object.entries(metadata).filter(([name]) => /_(endpoint|uri)$/.test(name))
    expect(endpoints).toHaveLength(9)
    for (const [, endpoint] of endpoints)
      expect(
        (await fetch(String(endpoint), { method: 'GET', redirect: 'manual' })).status,
      ).not.toBe(404)
  })

  const lives = [
    ['/.well-known/openid-configuration', 3600],
    ['/oauth/jwks', 300],
  ] as const

  it.each(lives)(
    'at %s may be kept for %d seconds, and be read by every page',
    async (path, life) => {
      for (const origin of [
        'https://any.example',
        undefined,
        'https://another.example',
        undefined,
      ]) {
        const { status, headers } = await get(path, origin ? { headers: { origin } } : {})
        expect(status).toBe(200)
        expect(headers.get('cache-control')).toBe(`public, max-age=${life}`)
        expect(headers.get('access-control-allow-origin')).toBe(origin ?? null)
        expect(headers.get('access-control-allow-credentials')).toBeNull()
        expect(headers.get('vary')).toBe('Origin')
      }
    },
  )

  it.each(lives.map(([path]) => path))(
    'at %s is the same again, whoever asks, and not sent twice',
    async (path) => {
      const first = await get(path)
      const etag = String(first.headers.get('etag'))
      const text = await first.text()
      const kind = first.headers.get('content-type')
      for (const headers of [
        {},
        { origin: 'https://any.example' },
        { 'if-none-match': '"other"' },
      ]) {
        const again = await get(path, { headers })
        expect({
          etag: again.headers.get('etag'),
          kind: again.headers.get('content-type'),
        }).toEqual({
          etag,
          kind,
        })
        expect(await again.text()).toBe(text)
      }
      const known = await get(path, { headers: { 'if-none-match': etag } })
      expect({ status: known.status, text: await known.text() }).toEqual({ status: 304, text: '' })
      expect(known.headers.get('etag')).toBe(etag)
      const head = await get(path, { method: 'HEAD' })
      expect({ status: head.status, etag: head.headers.get('etag') }).toEqual({ status: 200, etag })
    },
  )

  it('names the keys under every spelling of their address', async () => {
    const keys = await (await get('/oauth/jwks')).json()
    for (const path of ['/oauth/jwks/', '/oauth/JWKS', '/oauth/jwks?x=1'])
      expect(await (await get(path)).json()).toEqual(keys)
  })
})

describe('an address or a method that is not there', () => {
  it.each([
    ['PUT', '/oauth/token', 'POST, OPTIONS'],
    ['GET', '/oauth/token', 'POST, OPTIONS'],
    ['GET', '/oauth/revoke/', 'POST, OPTIONS'],
    ['GET', '/oauth/PAR', 'POST, OPTIONS'],
    ['DELETE', '/oauth/userinfo', 'GET, HEAD, POST, OPTIONS'],
    ['PATCH', '/oauth/authorize', 'GET, HEAD, POST'],
    ['POST', '/oauth/jwks', 'GET, HEAD, OPTIONS'],
  ])('%s %s is 405, with the methods that are', async (method, path, allow) => {
    const { status, headers, body } = await answerOf(await get(path, { method }))
    expect({ status, allow: headers.get('allow') }).toEqual({ status: 405, allow })
    expect(body).toHaveProperty('error', 'invalid_request')
  })

  it.each(['/oauth/nowhere', '/oauth/device', '/oauth/register', '/oauth/authorize/x/y'])(
    '%s is 404, for programs and on a page of the house',
    async (path) => {
      const { status, body } = await answerOf(await get(path))
      expect({ status, error: body.error }).toEqual({ status: 404, error: 'not_found' })
      const page = await get(path, { headers: { accept: 'text/html' } })
      expect(page.status).toBe(404)
      expect(await page.text()).toContain('There is no such page')
    },
  )
})

describe('O23: a script of another origin', () => {
  const allowed = new URL(REDIRECT_URI).origin

  it('reads token and userinfo answers if the origin is the client’s, without credentials', async () => {
    const client = await server.register({ kind: 'browser', apiScopes: [] })
    const person = await signedInPerson(server)
    const { access_token } = await tokensFor(server, person, {
      client,
      parameters: { scope: 'openid' },
    })
    const from = async (origin: string) => {
      const headers = { origin, authorization: `Bearer ${access_token}` }
      const answers = [
        await postForm(server, 'token', { client, headers: { origin } }),
        await answerOf(await get('/oauth/userinfo', { headers })),
      ]
      return answers.map((answer) => [
        answer.headers.get('access-control-allow-origin'),
        answer.headers.get('access-control-allow-credentials'),
      ])
    }
    expect(await from(allowed)).toEqual([
      [allowed, null],
      [allowed, null],
    ])
    for (const origin of [
      'https://evil.test',
      'null',
      `${allowed}.evil.test`,
      allowed.toUpperCase(),
    ])
      expect(await from(origin)).toEqual([
        [null, null],
        [null, null],
      ])
  })

  it('may ask beforehand', async () => {
    for (const path of ['/oauth/token', '/oauth/userinfo', '/oauth/revoke']) {
      const { status, headers } = await get(path, {
        method: 'OPTIONS',
        headers: {
          origin: allowed,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization, dpop',
        },
      })
      expect(status).toBe(204)
      expect(headers.get('access-control-allow-methods')).toContain('POST')
      expect(headers.get('access-control-allow-headers')).toBe('authorization, dpop')
    }
  })

  it('never reads what a browser is sent to', async () => {
    const ends = ['authorize', 'authorize/x', 'logout', 'logout/success', 'handoff/x']
    const pages = ['/', '/sign-in/x', '/sign-in/x/code', '/policies/terms', '/admin', '/demo']
    for (const path of [...ends.map((end) => `/oauth/${end}`), ...pages]) {
      for (const method of ['GET', 'OPTIONS']) {
        const headers = { origin: allowed, accept: 'text/html' }
        const answer = await get(path, { method, headers, redirect: 'manual' })
        expect([path, answer.headers.get('access-control-allow-origin')]).toEqual([path, null])
      }
    }
  })
})
