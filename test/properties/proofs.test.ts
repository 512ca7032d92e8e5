// Proofs of possession, assertions of clients and hints: good only as signed by whoever they name, about this, and once.

import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { calculateJwkThumbprint } from 'jose'
import { createCheckProof } from '../../src/provider/dpop-proofs.ts'
import { sha256 } from '../../src/shared/secrets.ts'
import { postForm } from '../support/endpoints.ts'
import { altered, anything, base64url, type Json, writing } from '../support/odd-tokens.ts'
import { among, propertiesOf } from '../support/properties.ts'
import { startServer, type TestServer } from '../support/server.ts'

const holds = propertiesOf('proofs')

const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })
const [own, thief] = [pair(), pair()]
const jwkOf = ({ publicKey }: typeof own) => publicKey.export({ format: 'jwk' })
const es256 = (input: string, { privateKey }: typeof own) =>
  sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })

type Sign = (input: string) => Buffer
const byOwner: Sign = (input) => es256(input, own)
const byThief: Sign = (input) => es256(input, thief)
const signing = fc.constantFrom<Sign>(
  ...[byOwner, byOwner, byOwner, byOwner],
  byThief,
  (input) => sign('sha512', Buffer.from(input), { key: own.privateKey, dsaEncoding: 'ieee-p1363' }),
  (input) => sign('sha256', Buffer.from(input), own.privateKey), // as DER, which JWS does not take
  () => Buffer.alloc(0),
  () => Buffer.alloc(64),
)
function written(head: string, body: string, make: Sign): string {
  const input = `${base64url(head)}.${base64url(body)}`
  return `${input}.${base64url(make(input))}`
}

describe('a proof of possession', () => {
  const URI = 'https://id.example/api/client/v1/profile'
  const TOKEN = 'token'
  const NOW = Date.UTC(2026, 10, 21)
  const SECONDS = NOW / 1000
  const request = { method: 'GET', uri: URI, accessToken: TOKEN }
  const goodHeader: Json = { alg: 'ES256', typ: 'dpop+jwt', jwk: jwkOf(own) }
  const goodClaims: Json = { htm: 'GET', htu: URI, iat: SECONDS, jti: '1', ath: sha256(TOKEN) }
  const oddKey = fc.oneof(
    fc.constantFrom<unknown>(jwkOf(thief), own.privateKey.export({ format: 'jwk' }), {
      kty: 'oct',
      k: 'AA',
    }),
    fc.constantFrom<unknown>(
      { kty: 'EC', crv: 'P-256' },
      { ...jwkOf(own), x: 'AA' },
      { ...jwkOf(own), crv: 1 },
    ),
    fc.constant(
      generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' }),
    ),
    anything,
  )
  const header = altered(goodHeader, {
    alg: fc.oneof(among('none ES256 ES384 EdDSA RS256 HS256 es256'), anything),
    typ: fc.oneof(among('dpop+jwt DPOP+JWT application/dpop+jwt JWT at+jwt'), anything),
    jwk: oddKey,
    kid: anything,
    crit: fc.oneof(fc.constant(['b64']), anything),
    b64: fc.boolean(),
    jku: fc.webUrl(),
  })
  const claims = altered(goodClaims, {
    htm: fc.oneof(among('get POST GET,POST'), anything),
    htu: fc.oneof(
      among(
        `${URI}?x=1 ${URI}#x ${URI}/ ${URI}x HTTPS://ID.EXAMPLE/api/client/v1/profile https://id.example:443/api/client/v1/profile`,
      ),
      among(
        'https://user@id.example/api/client/v1/profile https://id.example/api/client/v1/x/../profile /api/client/v1/profile',
      ),
      among(
        'https://evil.example/api/client/v1/profile https://id.example/API/client/v1/profile https://id.example./api/client/v1/profile',
      ),
      anything,
    ),
    iat: fc.oneof(
      fc.integer({ min: -700, max: 700 }).map((away) => SECONDS + away),
      fc.constantFrom<unknown>(NOW, [SECONDS], `${SECONDS}`, SECONDS + 0.5),
      anything,
    ),
    exp: fc.oneof(fc.constant(SECONDS - 1), anything),
    nbf: anything,
    jti: fc.oneof(fc.string(), anything),
    ath: fc.oneof(among('x'), fc.constant(sha256('other')), anything),
  })

  function newCheck() {
    const known = new Set<string>()
    return createCheckProof({
      clock: { now: () => NOW },
      remember: async (key) => known.size !== known.add(key).size,
    })
  }

  it('passes as it should be', async () => {
    const proof = written(JSON.stringify(goodHeader), JSON.stringify(goodClaims), byOwner)
    expect(await newCheck()({ ...request, proof })).toBe(await calculateJwkThumbprint(jwkOf(own)))
  })

  holds(
    'J19: passes only with the key that signed it, about this request and token, now, and once',
    fc.asyncProperty(
      header,
      writing,
      claims,
      writing,
      signing,
      async (head, first, body, second, make) => {
        const proof = written(first(head), second(body), make)
        const check = newCheck()
        const found = await check({ ...request, proof })
        if (found === undefined) return
        // Of two members of one name the last one counts, for whoever reads them.
        const { jwk, alg, typ } = JSON.parse(first(head).trim())
        const said = JSON.parse(second(body).trim())
        // A proof by another key is one of that key.
        const signer = jwkOf(make === byThief ? thief : own)
        expect(found).toBe(await calculateJwkThumbprint(signer))
        expect([jwk.x, jwk.y, jwk.d, alg]).toEqual([signer.x, signer.y, undefined, 'ES256'])
        expect(String(typ).toLowerCase()).toMatch(/^(?:application\/)?dpop\+jwt$/)
        const { origin, pathname, username } = new URL(said.htu)
        expect([said.htm, `${origin}${pathname}`, username]).toEqual(['GET', URI, ''])
        expect(said.ath).toBe(sha256(TOKEN))
        expect(typeof said.iat).toBe('number')
        expect(Math.abs(said.iat - SECONDS)).toBeLessThanOrEqual(300)
        expect(await check({ ...request, proof })).toBeUndefined()
        for (const other of [{ method: 'POST' }, { uri: `${URI}/x` }, { accessToken: 'other' }])
          expect(await newCheck()({ ...request, ...other, proof })).toBeUndefined()
      },
    ),
    { runs: 150 },
  )

  holds(
    'that is none is refused without a fault',
    fc.asyncProperty(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc
          .array(anything.map((each) => base64url(`${JSON.stringify(each)}`)))
          .map((all) => all.join('.')),
      ),
      async (proof) => {
        expect(await newCheck()({ ...request, proof })).toBeUndefined()
      },
    ),
    { runs: 150 },
  )
})

describe('the server', () => {
  let server: TestServer
  let machine = ''
  let page = ''

  beforeAll(async () => {
    server = await startServer()
    const keys = [{ ...jwkOf(own), kid: 'one', alg: 'ES256', use: 'sig' }]
    machine = (await server.register({ kind: 'machine', jwks: { keys } })).client_id
    page = (await server.register({ kind: 'browser' })).client_id
  })
  afterAll(() => server.stop())

  const quiet = (): void => {
    server.log.lines.length = 0
    expect(server.log.errors).toEqual([])
  }

  holds(
    'O20: knows a client by an assertion that it signed about itself, for this server, and by no other',
    fc.asyncProperty(
      altered(
        { alg: 'ES256', kid: 'one' },
        {
          alg: fc.oneof(among('none ES384 RS256 HS256'), anything),
          kid: anything,
          jwk: fc.constant(jwkOf(thief)),
          typ: anything,
          crit: anything,
        },
      ),
      writing,
      altered(
        {},
        {
          iss: anything,
          sub: anything,
          aud: fc.oneof(fc.constantFrom<unknown>(['x'], 'https://evil.example'), anything),
          exp: anything,
          iat: anything,
          nbf: anything,
          jti: anything,
        },
      ),
      signing,
      async (head, write, change, make) => {
        quiet()
        const seconds = Math.floor(server.clock.now() / 1000)
        const usual = {
          iss: machine,
          sub: machine,
          aud: server.baseUrl,
          jti: randomUUID(),
          iat: seconds,
          exp: seconds + 60,
        }
        const body: Json = { ...usual, ...change }
        const assertion = written(write(head), JSON.stringify(body), make)
        const { status } = await postForm(server, 'token', {
          fields: {
            grant_type: 'client_credentials',
            client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
            client_assertion: assertion,
          },
        })
        expect([200, 400, 401]).toContain(status)
        if (status !== 200) return
        expect([body.iss, body.sub]).toEqual([machine, machine])
        expect([body.aud].flat()).toContain(server.baseUrl)
        expect(JSON.parse(write(head).trim()).alg).toBe('ES256')
        const [input, signature] = assertion.split(/\.(?=[^.]*$)/)
        expect(signature?.length).toBe(86)
        expect(input).toBeDefined()
      },
    ),
    { runs: 40 },
  )

  holds(
    'takes any hint, and any token of whatever kind, without a fault',
    fc.asyncProperty(
      altered(
        { alg: 'RS256', kid: 'one', typ: 'JWT' },
        { alg: anything, kid: anything, crit: anything, typ: anything },
      ),
      writing,
      altered(
        { sub: 'acc_1' },
        { iss: anything, sub: anything, aud: anything, sid: anything, exp: anything },
      ),
      signing,
      among('logout authorize profile userinfo me challenge'),
      async (head, write, body, make, at) => {
        quiet()
        const claims = { iss: server.baseUrl, aud: page, ...body }
        const token = written(write(head), JSON.stringify(claims), make)
        const query = new URLSearchParams({
          id_token_hint: token,
          client_id: page,
          response_type: 'code',
          prompt: 'none',
        })
        const paths: { [name: string]: string } = {
          profile: '/api/client/v1/profile',
          me: '/api/admin/v1/me',
        }
        const { status } = await fetch(`${server.baseUrl}${paths[at] ?? `/oauth/${at}?${query}`}`, {
          redirect: 'manual',
          headers: { authorization: `Bearer ${token}`, dpop: token },
        })
        expect(status).toBeLessThan(500)
        if (paths[at] || at === 'userinfo') expect([400, 401]).toContain(status)
        quiet()
      },
    ),
    { runs: 40 },
  )
})
