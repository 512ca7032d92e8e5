// What applications say of themselves: whatever it is, it is refused or kept as it was said, and works; and only their own addresses are gone to.

import { afterAll, beforeAll, describe, expect } from '@jest/globals'
import fc from 'fast-check'
import type { RedirectUriRules } from '../../src/services/identity/clients/redirect-uris.ts'
import { redirectUriProblem } from '../../src/services/identity/clients/redirect-uris.ts'
import { MINUTE } from '../../src/shared/clock.ts'
import { type Call, programOf } from '../support/admin-api.ts'
import { among, propertiesOf } from '../support/properties.ts'
import { allowRegistration, endpointOf, initialToken, send } from '../support/registration.ts'
import { startServer, type TestServer } from '../support/server.ts'

const holds = propertiesOf('clients')

const oddText = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 10 }),
  among(
    '__proto__ * null javascript:alert(1) https://evil.example@a.example/ com.example:/cb \u202e',
  ),
)
const oddJson = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(null, '', [], {}, -1, 1e300),
)
const webAddress = fc.oneof(
  fc.webUrl({ withQueryParameters: true }),
  fc
    .tuple(fc.domain(), fc.stringMatching(/^[\w.~%-]{0,8}$/))
    .map(([host, path]) => `https://${host}/${path}`),
  among(
    'https://a.example https://a.example/ https://a.example/cb?x=1 http://localhost:4000/cb http://127.0.0.1/',
  ),
)
const address = fc.oneof(
  { weight: 6, arbitrary: webAddress },
  {
    weight: 2,
    arbitrary: among(
      'com.example.app:/cb com.example.app://cb https://*.p.example.com/cb http://[::1]:1/',
    ),
  },
  { weight: 1, arbitrary: oddText },
)
/** Mostly what fits. */
const mostly = (usual: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: oddJson })
const addresses = mostly(fc.array(address, { minLength: 1, maxLength: 3 }))
const name = mostly(fc.oneof(among('Anna Tables Ängström'), oddText))
const key = {
  kty: 'EC',
  crv: 'P-256',
  x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
  y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
}
const keySet = fc.oneof(
  fc.constant({ keys: [{ ...key, use: 'sig', alg: 'ES256', kid: '1' }] }),
  fc.record({
    keys: fc.array(fc.oneof(fc.constant(key), fc.constant({ ...key, d: 'x' }), oddJson), {
      maxLength: 3,
    }),
  }),
)

const anyRegistration = fc.record({
  client_name: name,
  redirect_uris: addresses,
  post_logout_redirect_uris: addresses,
  application_type: mostly(among('web native')),
  grant_types: mostly(
    fc.subarray(['authorization_code', 'refresh_token', 'client_credentials', 'implicit']),
  ),
  response_types: mostly(fc.subarray(['code', 'none', 'id_token'])),
  token_endpoint_auth_method: mostly(
    among('none client_secret_basic client_secret_post private_key_jwt tls_client_auth'),
  ),
  client_uri: mostly(webAddress),
  logo_uri: mostly(webAddress),
  policy_uri: mostly(webAddress),
  tos_uri: mostly(webAddress),
  initiate_login_uri: mostly(webAddress),
  backchannel_logout_uri: mostly(webAddress),
  scope: mostly(
    fc.subarray(['openid', 'email', 'profile:read', 'admin']).map((all) => all.join(' ')),
  ),
  jwks: mostly(keySet),
  jwks_uri: mostly(webAddress),
  subject_type: mostly(among('public pairwise')),
  id_token_signed_response_alg: mostly(among('RS256 none HS256 ES256')),
  userinfo_signed_response_alg: mostly(among('RS256 none')),
  default_max_age: oddJson,
  contacts: oddJson,
  require_auth_time: oddJson,
  request_uris: addresses,
  tls_client_certificate_bound_access_tokens: oddJson,
  client_id: oddJson,
  client_secret: oddJson,
  '': oddJson,
})

const anyClient = fc.record({
  kind: mostly(among('web browser native machine preview')),
  name,
  redirect_uris: addresses,
  post_logout_redirect_uris: addresses,
  origins: mostly(
    fc.array(among('https://a.example http://localhost:4000 null https://A.example'), {
      maxLength: 2,
    }),
  ),
  pkce: mostly(among('required optional')),
  api_scopes: mostly(fc.subarray(['profile:read', 'orders:read', 'sessions:write', 'x'])),
  first_party: mostly(fc.boolean()),
  home_uri: mostly(webAddress),
  policy_uri: mostly(webAddress),
  back_channel_logout_uri: mostly(webAddress),
  lifetimes: mostly(fc.record({ access_token: fc.integer({ min: -1, max: 10_000 }) })),
  jwks: mostly(keySet),
  secret_days: mostly(fc.integer({ min: 0, max: 400 })),
})

/** What fits, for the most part: at most two fields are whatever they are. */
function nearly(fitting: fc.Arbitrary<object>, any: fc.Arbitrary<object>): fc.Arbitrary<object> {
  return fc
    .tuple(fitting, any, fc.array(fc.nat(), { maxLength: 2 }))
    .map(([value, others, places]) => {
      const entries = Object.entries(others)
      const chosen = places.flatMap((at) => entries.slice(at % entries.length).slice(0, 1))
      return { ...value, ...Object.fromEntries(chosen) }
    })
}
const ownAddress = fc
  .tuple(fc.domain(), fc.stringMatching(/^[\w.~-]{0,8}$/))
  .map(([host, path]) => `https://${host.toLowerCase()}/${path.replace(/^\.+$/, '')}`)
const ownAddresses = fc.uniqueArray(ownAddress, { minLength: 1, maxLength: 3 })
const printable = fc.stringMatching(/^[A-Za-zÄé][\w .'&-]{0,30}$/)

const registration = nearly(
  fc.record(
    {
      client_name: printable,
      redirect_uris: ownAddresses,
      post_logout_redirect_uris: ownAddresses,
      grant_types: fc.constantFrom(['authorization_code'], ['authorization_code', 'refresh_token']),
      response_types: fc.constant(['code']),
      token_endpoint_auth_method: among('none client_secret_basic client_secret_post'),
      client_uri: ownAddress,
      tos_uri: ownAddress,
      initiate_login_uri: ownAddress,
      scope: among('openid email profile:read'),
      subject_type: fc.constant('public'),
    },
    { requiredKeys: ['redirect_uris'] },
  ),
  anyRegistration,
)
const newClient = nearly(
  fc.record(
    {
      kind: among('web browser native'),
      name: printable,
      redirect_uris: ownAddresses,
      post_logout_redirect_uris: ownAddresses,
      origins: fc.constantFrom([], ['https://a.example']),
      api_scopes: fc.subarray(['profile:read', 'orders:read']),
      first_party: fc.boolean(),
      home_uri: ownAddress,
      policy_uri: ownAddress,
    },
    { requiredKeys: ['kind', 'name', 'redirect_uris'] },
  ),
  anyClient,
)

type Kind = Exclude<RedirectUriRules['kind'], 'machine'>

/** Other spellings of an address, and addresses that look like it. */
const respellings: { [way: string]: (uri: string) => string } = {
  slash: (uri) => (uri.endsWith('/') ? uri.slice(0, -1) : `${uri}/`),
  capitals: (uri) => uri.replace(/[a-z](?=[^a-z]*$)/, (letter) => letter.toUpperCase()),
  scheme: (uri) => uri.replace(/^https/, 'HTTPS'),
  host: (uri) => uri.replace(/\/\/[^/?]+/, (host) => host.toUpperCase()),
  port: (uri) => uri.replace(/(\/\/[^/?:]+)(:\d+)?(?=[/?]|$)/, '$1:4443'),
  standardPort: (uri) => uri.replace(/(\/\/[^/?:]+)(?=[/?]|$)/, '$1:443'),
  user: (uri) => uri.replace('//', '//user@'),
  otherHost: (uri) => uri.replace('//', '//evil.example@'),
  suffix: (uri) => uri.replace(/(\/\/[^/?:]+)/, '$1.evil.example'),
  absoluteName: (uri) => uri.replace(/(\/\/[^/?:]+)/, '$1.'),
  dots: (uri) => `${uri}/../x`,
  dot: (uri) => uri.replace(/(\/\/[^/?]+)\//, '$1/./'),
  encodedDots: (uri) => `${uri}/%2e%2e`,
  encoded: (uri) => uri.replace(/[a-z]$/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  doubled: (uri) => uri.replace('%', '%25'),
  fragment: (uri) => `${uri}#`,
  query: (uri) => `${uri}${uri.includes('?') ? '&' : '?'}x=1`,
  emptyQuery: (uri) => `${uri}?`,
  backslash: (uri) => uri.replace('://', ':\\\\'),
  tab: (uri) => uri.replace('://', ':/\t/'),
  newline: (uri) => `${uri}\n`,
  space: (uri) => ` ${uri}`,
  fullWidth: (uri) => uri.replace(/a/, '\uff41'),
  cut: (uri) => uri.slice(0, -1),
  label: (uri) => uri.replace(/\/\/[^./]+/, '//other'),
  deeper: (uri) => uri.replace('//', '//deeper.'),
  wildcard: (uri) => uri.replace(/\/\/[^./]+\./, '//*.'),
}

describe('an application', () => {
  let server: TestServer
  let admin: Call
  let token = ''

  beforeAll(async () => {
    server = await startServer()
    admin = await programOf(server, { role: 'platform-owner' })
    await allowRegistration(server, server, {
      kinds: ['web', 'browser', 'native', 'machine'],
      authMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
      apiScopes: ['profile:read'],
    })
    token = await initialToken(server, server, 100)
  })
  afterAll(() => server.stop())

  /** Limits are for other tests; nothing failed. */
  async function quietly<T>(run: () => Promise<T>): Promise<T> {
    server.clock.forward(MINUTE)
    server.log.lines.length = 0
    server.log.errors.length = 0
    const result = await run()
    expect(server.log.errors).toEqual([])
    return result
  }

  type Sent = { [field: string]: unknown }

  /** Where an authorization request leads, or the status that refuses it. */
  async function asked(client: string, redirectUri: string): Promise<string | number> {
    const query = new URLSearchParams({
      client_id: client,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    })
    const url = `${server.baseUrl}/oauth/authorize?${query}`
    const { status, headers } = await fetch(url, { redirect: 'manual' })
    return status === 303 ? String(headers.get('location')) : status
  }

  async function register(body: unknown) {
    const answer = await send(endpointOf(server), { token, body })
    if (answer.status !== 401) return answer
    token = await initialToken(server, server, 100)
    return send(endpointOf(server), { token, body })
  }

  holds(
    'that registers itself is refused, or is from then on what it was told to be',
    fc.asyncProperty(fc.oneof({ weight: 20, arbitrary: registration }, oddJson), (sent) =>
      quietly(async () => {
        const { status, body } = await register(sent)
        expect([201, 400]).toContain(status)
        if (status === 400) return
        const { client_id, registration_client_uri, registration_access_token } = body
        const read = await send(String(registration_client_uri), {
          token: String(registration_access_token),
          method: 'GET',
        })
        expect(read.status).toBe(200)
        const { client_secret: _secret, client_secret_expires_at: _end, ...shown } = body
        expect(read.body).toMatchObject(shown)
        for (const uri of body.redirect_uris as string[])
          expect(await asked(String(client_id), uri)).toMatch(/\/sign-in\//)
      }),
    ),
    { runs: 25 },
  )

  holds(
    'that an operator registers is refused, or is kept as it was sent, and can be asked for',
    fc.asyncProperty(newClient, (sent) =>
      quietly(async () => {
        const at = `/organisations/${server.organisation.slug}/clients`
        type Created = {
          client: { id: string; redirect_uris: string[] } & { [field: string]: unknown }
        }
        const { status, data } = await admin<Created>('POST', at, { body: sent })
        expect([201, 400, 422]).toContain(status)
        if (status !== 201) return
        const { client } = data
        // A key set and the days of a secret are told in other words; an empty address is none.
        const { jwks: _jwks, secret_days: _days, lifetimes: _lifetimes, ...said } = sent as Sent
        const kept = Object.entries(said).filter(([, value]) => value !== '')
        const called = String(said.name)
        expect(client).toMatchObject({ ...Object.fromEntries(kept), name: called.trim() })
        const read = await admin('GET', `${at}/${client.id}`)
        expect(read.data).toMatchObject(client)
        const changed = await admin('PATCH', `${at}/${client.id}`, {
          body: { name: called },
        })
        expect(changed.status).toBe(200)
        for (const uri of client.redirect_uris)
          if (!uri.includes('*')) expect(await asked(client.id, uri)).toMatch(/\/sign-in\//)
      }),
    ),
    { runs: 25 },
  )

  holds(
    'O03: is gone to at the addresses it registered, to the letter, and at no other spelling of them',
    fc.asyncProperty(
      fc.constantFrom<Kind>('web', 'browser', 'native', 'preview'),
      address,
      fc.constantFrom(...Object.keys(respellings)),
      fc.stringMatching(/^[a-z0-9]{1,8}$/),
      (kind, uri, way, label) =>
        quietly(async () => {
          fc.pre(redirectUriProblem(uri, { kind, allowPlainHttp: true }) === undefined)
          const { client_id: id } = await server.register({ kind, redirectUris: [uri] })
          const own = uri.replace('//*.', `//${label}.`)
          expect(await asked(id, own)).toMatch(/\/sign-in\//)
          const other = respellings[way]?.(own) ?? ''
          if (other === own || isAnotherPort(kind, own, other)) return
          // A label is what a wildcard stands for.
          if (way === 'label' && uri.includes('*')) return
          expect(await asked(id, other)).toBe(400)
        }),
    ),
    { runs: 40 },
  )
})

/** RFC 8252, 7.3: a native application listens on this device wherever a port is free. */
function isAnotherPort(kind: Kind, own: string, other: string): boolean {
  const isLoopback = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])/.test(own)
  const withoutPort = (uri: string) => uri.replace(/^(http:\/\/(?:\[[^\]]*\]|[^/?:]*)):\d+/, '$1')
  return kind === 'native' && isLoopback && withoutPort(own) === withoutPort(other)
}
