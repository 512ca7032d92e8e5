// Access tokens and proofs of possession: whatever their headers, claims and signatures say, only ours pass.

import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { describe, expect } from '@jest/globals'
import fc from 'fast-check'
import { jwtVerify } from 'jose'
import { createCheckAccessToken } from '../../src/provider/access-tokens.ts'
import { createIssuers } from '../../src/services/organisations/issuers.ts'
import type { Organisation } from '../../src/stores/organisations.ts'
import { altered, anything, base64url, writing } from '../support/odd-tokens.ts'
import { among, propertiesOf } from '../support/properties.ts'

const holds = propertiesOf('access tokens')

const BASE = 'https://id.example'
const API = `${BASE}/api/client/v1`
const NOW = Date.UTC(2026, 10, 21)
const SECONDS = NOW / 1000
const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 })
const [own, other, stranger] = [rsa(), rsa(), rsa()]
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** The default organisation and another one; what the store says of them is all that issuers ask. */
const house = { _id: 'org_one', slug: 'main', isDefault: true } as Organisation
const neighbour = { _id: 'org_two', slug: 'two', isDefault: false } as Organisation
const issuers = createIssuers({
  baseUrl: BASE,
  organisations: {
    findDefault: async () => house,
    findBySlug: async (slug) => [house, neighbour].find((each) => each.slug === slug),
    findByHost: async () => undefined,
  },
})

const newCheck = () =>
  createCheckAccessToken({
    audience: API,
    clock: { now: () => NOW },
    async keysOf(issuer) {
      const organisation = await issuers.organisationOf(issuer)
      const { publicKey } = organisation === house ? own : other
      return (
        organisation && { organisation: organisation._id, keys: [{ kid: 'one', key: publicKey }] }
      )
    },
    isDenied: () => false,
    isClientActive: async () => true,
  })

const goodHeader = { alg: 'RS256', typ: 'at+jwt', kid: 'one' }
const goodClaims = {
  iss: BASE,
  aud: API,
  sub: 'acc_1',
  client_id: 'cli_1',
  org: 'org_one',
  jti: '1',
  iat: SECONDS,
  exp: SECONDS + 3600,
  scope: 'profile:read',
}

const certificate = stranger.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
const header = altered(goodHeader, {
  alg: fc.oneof(
    among('none None HS256 HS512 RS256 rs256 RS512 PS256 ES256 EdDSA dir RSA-OAEP'),
    anything,
  ),
  typ: fc.oneof(among('at+jwt AT+JWT application/at+jwt JWT dpop+jwt at+jwt; at+jwtx'), anything),
  kid: fc.oneof(among('one two ../one one\0 ONE __proto__ 0'), anything),
  crit: fc.oneof(fc.constantFrom<unknown>(['b64'], ['exp'], ['x'], [], 'b64'), anything),
  b64: fc.oneof(fc.boolean(), anything),
  zip: among('DEF none'),
  jwk: fc.oneof(fc.constant(stranger.publicKey.export({ format: 'jwk' })), anything),
  jku: fc.oneof(fc.constant('https://evil.example/jwks'), anything),
  x5u: fc.webUrl(),
  x5c: fc.oneof(fc.constant([certificate]), anything),
  cty: among('JWT at+jwt'),
})
const instant = fc.oneof(
  fc.integer({ min: -4000, max: 4000 }).map((away) => SECONDS + away),
  fc.constantFrom<unknown>(NOW, `${SECONDS + 60}`, 1e300, -1, SECONDS + 0.5, null),
  anything,
)
const claims = altered(goodClaims, {
  iss: fc.oneof(
    fc.constantFrom<unknown>(`${BASE}/`, `${BASE}/o/two`, `${BASE}/o/main`, BASE.toUpperCase(), [
      BASE,
    ]),
    fc.constantFrom('https://evil.example', `${BASE}/o/`, `${BASE}/o/two/`, `${BASE}@evil.example`),
    anything,
  ),
  aud: fc.oneof(
    fc.constantFrom<unknown>([API], [API, 'x'], ['x'], `${API}/`, API.toUpperCase(), { 0: API }),
    anything,
  ),
  org: fc.oneof(among('org_one org_two ORG_ONE'), anything),
  sub: anything,
  client_id: anything,
  jti: anything,
  exp: instant,
  iat: instant,
  nbf: instant,
  scope: anything,
  cnf: anything,
})

const rs256 = (input: string, key: KeyObject) => sign('sha256', Buffer.from(input), key)
const secretOfPublic = own.publicKey.export({ format: 'pem', type: 'spki' })
const signing = fc.constantFrom<(input: string) => Buffer>(
  ...Array.from({ length: 6 }, () => (input: string) => rs256(input, own.privateKey)),
  (input) => rs256(input, other.privateKey),
  (input) => rs256(input, stranger.privateKey),
  (input) => sign('sha512', Buffer.from(input), own.privateKey),
  (input) =>
    sign('sha256', Buffer.from(input), { key: elliptic.privateKey, dsaEncoding: 'ieee-p1363' }),
  (input) => createHmac('sha256', secretOfPublic).update(input).digest(),
  () => Buffer.alloc(0),
  () => Buffer.alloc(256),
)

const token = fc
  .tuple(header, writing, claims, writing, signing)
  .map(([head, writeHead, body, writeBody, make]) => {
    const input = `${base64url(writeHead(head))}.${base64url(writeBody(body))}`
    return `${input}.${base64url(make(input))}`
  })

const harmless = fc.tuple(
  altered(goodHeader, { typ: among('AT+JWT application/at+jwt'), cty: anything, jku: fc.webUrl() }),
  altered(goodClaims, {
    sub: fc.string({ minLength: 1 }),
    client_id: fc.string({ minLength: 1 }),
    jti: fc.uuid(),
    exp: fc.integer({ min: SECONDS + 1, max: 2 ** 40 }),
    iat: fc.integer({ min: 0, max: SECONDS }),
    aud: fc.constantFrom([API], ['x', API]),
    scope: anything,
    sid: anything,
    cnf: anything,
    acr: anything,
    more: anything,
  }),
)

const good = `${base64url(JSON.stringify(goodHeader))}.${base64url(JSON.stringify(goodClaims))}`
const goodToken = `${good}.${base64url(rs256(good, own.privateKey))}`

/** What the library says of it, with the keys and the words of the issuer that the token names. */
async function isGoodForLibrary(text: string): Promise<boolean> {
  const options = {
    audience: API,
    typ: 'at+jwt',
    algorithms: ['RS256'],
    clockTolerance: 15,
    currentDate: new Date(NOW),
  }
  const pairs = [
    { issuer: BASE, org: 'org_one', key: own.publicKey },
    { issuer: `${BASE}/o/two`, org: 'org_two', key: other.publicKey },
  ]
  for (const { issuer, org, key } of pairs) {
    const verified = await jwtVerify(text, key, { ...options, issuer }).catch(() => undefined)
    if (verified?.protectedHeader.kid === 'one' && verified.payload.org === org) return true
  }
  return false
}

describe('an access token, whatever it says', () => {
  holds(
    'J01: passes only if the library finds it good, by the key, issuer and organisation it names',
    fc.asyncProperty(token, async (text) => {
      const found = await newCheck()(text)
      if (found) expect(await isGoodForLibrary(text)).toBe(true)
    }),
    { runs: 150 },
  )

  holds(
    'passes with whatever it says beside what is asked of it',
    fc.asyncProperty(harmless, async ([head, body]) => {
      const input = `${base64url(JSON.stringify(head))}.${base64url(JSON.stringify(body))}`
      const text = `${input}.${base64url(rs256(input, own.privateKey))}`
      const { sub: account, client_id: clientId, exp: expiresAt } = body
      expect(await newCheck()(text)).toMatchObject({ account, clientId, expiresAt })
    }),
    { runs: 50 },
  )

  holds(
    'says the same the second time, from the cache',
    fc.asyncProperty(token, async (text) => {
      const check = newCheck()
      const first = await check(text)
      expect(await check(text)).toEqual(first)
      expect(await newCheck()(text)).toEqual(first)
    }),
    { runs: 60 },
  )

  holds(
    'J09: is refused as soon as one letter of a good one is another, is missing, or is one too many',
    fc.asyncProperty(
      fc.nat({ max: goodToken.length - 1 }),
      fc.constantFrom(...'ABCxyz019-_.=+/ \n\0é'),
      fc.constantFrom('replace', 'insert', 'remove', 'append'),
      async (at, letter, way) => {
        const check = newCheck()
        expect(await check(goodToken)).toMatchObject({ account: 'acc_1', organisation: 'org_one' })
        const rest = way === 'insert' ? at : at + 1
        const text =
          way === 'append'
            ? `${goodToken}${letter}`
            : `${goodToken.slice(0, at)}${way === 'remove' ? '' : letter}${goodToken.slice(rest)}`
        if (text !== goodToken) expect(await check(text)).toBeUndefined()
      },
    ),
    { runs: 150 },
  )

  holds(
    'is refused without a fault, be it no token at all',
    fc.asyncProperty(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc
          .array(
            fc.oneof(
              fc.string().map(base64url),
              anything.map((value) => base64url(`${JSON.stringify(value)}`)),
            ),
            { maxLength: 5 },
          )
          .map((parts) => parts.join('.')),
        fc.constantFrom('', '.', '..', '...', 'a.b.c', `${'a'.repeat(9000)}.b.c`),
      ),
      async (text) => expect(await newCheck()(text)).toBeUndefined(),
    ),
    { runs: 200 },
  )
})
