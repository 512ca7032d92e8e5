// Access tokens at the Client API: every forgery gets the same 401.

import { createHmac, createPublicKey, generateKeyPairSync, sign as signBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { decodeJwt, decodeProtectedHeader, FlattenedSign, importJWK, type JWK, SignJWT } from 'jose'
import { composeKeys } from '../../src/compose/keys.ts'
import { createKeyring } from '../../src/shared/secrets.ts'
import { sendRaw } from '../support/raw-http.ts'
import { createRelyingParty, signIn } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'

const SECRET = 'a-secret-of-the-tests-that-is-long-enough'

describe('an access token at the Client API', () => {
  let server: TestServer
  let accessToken: string
  let idToken: string
  let jwks: { keys: (JWK & { kid: string })[] }
  /** The server's own private key, to sign what only its claims make wrong. */
  let signingKey: JWK & { kid: string }

  beforeAll(async () => {
    server = await startServer({ env: { SECRET } })
    const party = await createRelyingParty(server, await server.register())
    const pending = await party.authorize()
    const tokens = await party.exchange(
      await signIn(server, { url: pending.url, email: 'ben.haddad@example.com' }),
      pending,
    )
    accessToken = tokens.access_token
    idToken = String(tokens.id_token)
    jwks = (await (await fetch(`${server.baseUrl}/oauth/jwks`)).json()) as typeof jwks
    const { signingKeys } = composeKeys({ ...server, keyring: createKeyring([SECRET]) })
    const keys = await signingKeys.forOrganisation(server.organisation._id)
    const key = keys.find(({ alg }) => alg === 'RS256')
    if (!key) throw new Error('the server has no key')
    signingKey = key.jwk
  })
  afterAll(() => server.stop())

  const profile = (headers: { [name: string]: string }, query = ''): Promise<Response> =>
    fetch(`${server.baseUrl}/api/client/v1/profile${query}`, { headers })
  const bearer = (token: string): Promise<Response> => profile({ authorization: `Bearer ${token}` })

  async function expectRefused(token: string): Promise<void> {
    const response = await bearer(token)
    expect(await response.json()).toMatchObject({
      success: false,
      error: 'Invalid or expired token',
    })
    expect(response.status).toBe(401)
  }

  const base64url = (value: object | string | Buffer): string =>
    Buffer.from(
      typeof value === 'object' && !Buffer.isBuffer(value) ? JSON.stringify(value) : value,
    ).toString('base64url')
  const parts = (token: string): [string, string, string] =>
    token.split('.') as [string, string, string]

  /** A token signed by the server's own key, with these changes; `undefined` removes a claim. */
  async function signed(claims: object, header: object = {}): Promise<string> {
    const key = await importJWK(signingKey, 'RS256')
    const payload = { ...decodeJwt(accessToken), ...claims }
    return new SignJWT(JSON.parse(JSON.stringify(payload)))
      .setProtectedHeader({ typ: 'at+jwt', kid: signingKey.kid, alg: 'RS256', ...header })
      .sign(key)
  }

  it('is accepted as issued, and when signed again with the same claims', async () => {
    expect((await bearer(accessToken)).status).toBe(200)
    expect((await bearer(await signed({ jti: 'another' }))).status).toBe(200)
  })

  it('is a JWT access token (RFC 9068) of this issuer for this API, for an hour', () => {
    expect(decodeProtectedHeader(accessToken)).toMatchObject({ typ: 'at+jwt', alg: 'RS256' })
    const claims = decodeJwt(accessToken)
    expect(claims).toMatchObject({
      iss: server.baseUrl,
      aud: `${server.baseUrl}/api/client/v1`,
      org: server.organisation._id,
      sid: expect.any(String),
      auth_time: expect.any(Number),
    })
    expect(Number(claims.exp) - Number(claims.iat)).toBe(3600)
  })

  it('J01: unsigned, is refused in every spelling of none', async () => {
    const [, payload, signature] = parts(accessToken)
    for (const alg of ['none', 'None', 'nOnE', 'NONE'])
      for (const rest of ['', signature])
        await expectRefused(`${base64url({ alg, typ: 'at+jwt' })}.${payload}.${rest}`)
    await expectRefused(`${parts(accessToken).slice(0, 2).join('.')}.`)
  })

  it('J02: signed by HS256 with the public key as the secret, is refused', async () => {
    const { kid } = decodeProtectedHeader(accessToken)
    const jwk = jwks.keys.find((key) => key.kid === kid)
    if (!jwk) throw new Error('the key is not published')
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
    const secrets = [
      key.export({ type: 'spki', format: 'pem' }),
      key.export({ type: 'pkcs1', format: 'pem' }),
      key.export({ type: 'spki', format: 'der' }),
      JSON.stringify(jwk),
    ]
    const body = `${base64url({ alg: 'HS256', typ: 'at+jwt', kid })}.${parts(accessToken)[1]}`
    for (const secret of secrets)
      await expectRefused(
        `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`,
      )
  })

  it('J03: signed by a key that it brings along, is refused, and nothing is fetched', async () => {
    let fetched = 0
    const listener = createServer((_req, res) => {
      fetched += 1
      res.end('{"keys":[]}')
    }).listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const { port } = listener.address() as { port: number }
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const jwk = publicKey.export({ format: 'jwk' })
    const uri = `http://127.0.0.1:${port}/keys`
    for (const extra of [
      { jwk },
      { jku: uri },
      { x5u: uri },
      { x5c: ['AAAA'] },
      { jwk, kid: undefined },
    ]) {
      const header = { alg: 'RS256', typ: 'at+jwt', kid: signingKey.kid, ...extra }
      const body = `${base64url(header)}.${parts(accessToken)[1]}`
      const signature = signBytes('sha256', Buffer.from(body), privateKey).toString('base64url')
      await expectRefused(`${body}.${signature}`)
    }
    listener.close()
    expect(fetched).toBe(0)
  })

  it('J04: with an unknown, hostile or huge kid, is refused', async () => {
    const kids = ['unknown', '../../dev/null', "' OR 1=1 --", '{"$gt":""}', 'k'.repeat(10_000)]
    for (const kid of kids) await expectRefused(await signed({}, { kid }))
  })

  it('J05: of another issuer, or another spelling of ours, is refused', async () => {
    const own = new URL(server.baseUrl)
    const issuers = [
      'https://evil.test',
      `${server.baseUrl}/`,
      server.baseUrl.toUpperCase(),
      server.baseUrl.replace('http:', 'https:'),
      `${server.baseUrl}/o/other`,
      `http://127.0.0.1:${own.port}`,
      undefined,
    ]
    for (const iss of issuers) await expectRefused(await signed({ iss }))
  })

  it('J06: for another audience or none, is refused; a list that holds ours is accepted', async () => {
    const own = `${server.baseUrl}/api/client/v1`
    const clientId = decodeJwt(accessToken).client_id
    for (const aud of [undefined, clientId, `${own}/`, server.baseUrl, ['https://other.test'], []])
      await expectRefused(await signed({ aud }))
    expect((await bearer(await signed({ aud: ['https://other.test', own] }))).status).toBe(200)
  })

  it('J07: an ID token, a logout token and a token without a type are no access tokens', async () => {
    await expectRefused(idToken)
    for (const typ of ['JWT', 'logout+jwt', 'dpop+jwt', undefined])
      await expectRefused(await signed({}, { typ }))
  })

  it('J08: expired, not yet valid, from the future, or with a broken expiry, is refused', async () => {
    const now = Math.floor(Date.now() / 1000)
    const bad = [
      { exp: now - 20 },
      { exp: now - 1000, iat: now - 5000 },
      { nbf: now + 60 },
      { iat: now + 60 },
      { exp: undefined },
      { exp: String(now + 3600) },
      { exp: -1 },
      { exp: 1e99 },
      { iat: undefined },
    ]
    for (const claims of bad) await expectRefused(await signed(claims))
    const [header, ,] = parts(accessToken)
    await expectRefused(`${header}.${base64url('{"exp":1e999}')}.${parts(accessToken)[2]}`)
    // Fifteen seconds of leeway, both ways.
    expect((await bearer(await signed({ exp: now - 5 }))).status).toBe(200)
    expect((await bearer(await signed({ nbf: now + 5 }))).status).toBe(200)
  })

  it('is refused after its hour, although it was accepted before', async () => {
    const late = await signed({ jti: 'late' })
    expect((await bearer(late)).status).toBe(200)
    server.clock.forward(3600_000 + 16_000)
    await expectRefused(late)
    server.clock.forward(-(3600_000 + 16_000))
  })

  it('J09: altered, in another serialisation, or with extensions that we do not know, is refused', async () => {
    const [header, payload, signature] = parts(accessToken)
    const claims = decodeJwt(accessToken)
    const altered = base64url({ ...claims, sub: 'acc_another' })
    await expectRefused(`${header}.${altered}.${signature}`)
    await expectRefused(`${header}.${payload}.${signature.slice(0, -8)}AAAAAAAA`)
    await expectRefused(JSON.stringify({ payload, signatures: [{ protected: header, signature }] }))
    await expectRefused(`${base64url({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.AAAA.AAAA.AAAA.AAAA`)
    const key = await importJWK(signingKey, 'RS256')
    const known = { alg: 'RS256', typ: 'at+jwt', kid: signingKey.kid }
    const unknown = new SignJWT(claims).setProtectedHeader({ ...known, crit: ['exp'], exp: 1 })
    await expectRefused(await unknown.sign(key, { crit: { exp: true } }))
    // RFC 7797: signed over the payload itself, and written as such.
    const plain = { ...known, crit: ['b64'], b64: false }
    const { payload: written, ...unencoded } = await new FlattenedSign(
      Buffer.from(parts(accessToken)[1]),
    )
      .setProtectedHeader(plain)
      .sign(key)
    expect(written).toBe('')
    await expectRefused(`${unencoded.protected}.${parts(accessToken)[1]}.${unencoded.signature}`)
    const doubled = base64url(`${JSON.stringify(claims).slice(0, -1)},"sub":"acc_another"}`)
    await expectRefused(`${header}.${doubled}.${signature}`)
  })

  it('J16: in a second spelling of the same bytes, is refused', async () => {
    const [header, payload, signature] = parts(accessToken)
    await expectRefused(`${header}.${payload}.${signature}=`)
    await expectRefused(`${header}.${payload}.${signature}==`)
    await expectRefused(
      `${header}.${payload}.${signature.replaceAll('-', '+').replaceAll('_', '/')}=`,
    )
  })

  it('J18: is taken from the header only, not from query, body or cookie', async () => {
    expect((await profile({}, `?access_token=${accessToken}`)).status).toBe(401)
    expect((await profile({ cookie: `access_token=${accessToken}` })).status).toBe(401)
    expect((await profile({ authorization: `Token ${accessToken}` })).status).toBe(401)
    expect((await profile({ authorization: `Bearer  ${accessToken}` })).status).toBe(401)
  })

  it('J10: with a scope that only looks like the one that is needed, is forbidden', async () => {
    const scopes = [
      '',
      undefined,
      'openid',
      'profile:rea',
      'profile:read2',
      'PROFILE:READ',
      'profile:write',
      'xprofile:read',
      'profile:read,orders:read',
      'profile',
      ['profile:read'],
      { 'profile:read': true },
    ]
    for (const scope of scopes) {
      const response = await bearer(await signed({ scope }))
      expect([scope, response.status]).toEqual([scope, 403])
      expect(response.headers.get('www-authenticate')).toContain('scope="profile:read"')
    }
    expect((await bearer(await signed({ scope: 'orders:read profile:read' }))).status).toBe(200)
  })

  it('J11: of another organisation, or asking for another’s data, gets neither', async () => {
    for (const org of ['org_other', '', undefined, null, [server.organisation._id]])
      await expectRefused(await signed({ org }))
    const authorization = `Bearer ${accessToken}`
    const own = await (await profile({ authorization })).json()
    const elsewhere = [
      await profile({ authorization, 'x-organisation': 'org_other', organisation: 'org_other' }),
      await profile({ authorization }, '?organisation=org_other&org=org_other&customer=cus_1'),
    ]
    for (const response of elsewhere)
      expect([response.status, await response.json()]).toEqual([200, own])
    for (const path of ['/o/other', '/orgs/other', '/o/other/../..']) {
      const address = `${server.baseUrl}${path}/api/client/v1/profile`
      const { status } = await fetch(address, { headers: { authorization }, redirect: 'manual' })
      expect([path, [200, 404].includes(status)]).toEqual([path, true])
      if (path !== '/o/other/../..') expect(status).toBe(404)
    }
  })

  it('J16: with a signature of zeros, or of another form, is refused', async () => {
    const [, payload] = parts(accessToken)
    for (const { kid, alg } of jwks.keys) {
      const head = base64url({ alg: alg ?? 'ES256', typ: 'at+jwt', kid })
      for (const bytes of [0, 1, 64, 96, 256]) {
        await expectRefused(`${head}.${payload}.${base64url(Buffer.alloc(bytes))}`)
        // The order of P-256 in place of s, and a DER sequence in place of two numbers.
        await expectRefused(`${head}.${payload}.${base64url(Buffer.alloc(bytes, 0xff))}`)
      }
      await expectRefused(`${head}.${payload}.${base64url(Buffer.from('3006020100020100', 'hex'))}`)
    }
    const [header, body, signature] = parts(accessToken)
    for (const spelling of [` ${signature}`, `${signature}%3D`, `${signature},`])
      await expectRefused(`${header}.${body}.${spelling}`)
  })

  it('J17: out of all proportion, is refused at once, and costs no memory', async () => {
    const before = process.memoryUsage().rss
    const claims = Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`claim${at}`, at]))
    await expectRefused(await signed(claims))
    const zipped = base64url(deflateRawSync(Buffer.alloc(4_000_000)))
    const jwe = base64url({ alg: 'RSA-OAEP', enc: 'A256GCM', zip: 'DEF' })
    await expectRefused(`${jwe}.AAAA.AAAA.${zipped.slice(0, 8000)}.AAAA`)
    await expectRefused(`${base64url({ alg: 'RS256', zip: 'DEF' })}.${zipped.slice(0, 8000)}.AAAA`)
    const host = new URL(server.baseUrl).host
    for (const megabytes of [0.1, 10]) {
      const { status } = await sendRaw(server, [
        'GET /api/client/v1/profile HTTP/1.1',
        `Host: ${host}`,
        `Authorization: Bearer ${'a'.repeat(megabytes * 1_000_000)}`,
        '',
      ])
      expect([0, 400, 431]).toContain(status) // 0: closed before all of it was sent
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000)
    expect((await bearer(accessToken)).status).toBe(200)
  })

  it('J18: is not taken from a body, in whatever form', async () => {
    const send = (method: string, path: string, type: string, body: string) =>
      fetch(`${server.baseUrl}/api/client/v1${path}`, {
        method,
        headers: { 'content-type': type },
        body,
      })
    const form = `access_token=${accessToken}`
    const json = JSON.stringify({ access_token: accessToken, given_name: 'Eve' })
    const answers = [
      await send('PATCH', '/profile', 'application/x-www-form-urlencoded', form),
      await send('PATCH', '/profile', 'application/merge-patch+json', json),
      await send('PATCH', '/profile', 'application/json', json),
    ]
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401])
  })

  it('refused, is told how to do better', async () => {
    const none = await profile({})
    expect(none.headers.get('www-authenticate')).toMatch(/^Bearer resource_metadata=.*, DPoP algs=/)
    expect(none.headers.get('www-authenticate')).toContain(
      `resource_metadata="${server.baseUrl}/.well-known/oauth-protected-resource/api/client/v1"`,
    )
    const wrong = await bearer('wrong')
    expect(wrong.headers.get('www-authenticate')).toContain('error="invalid_token"')
    const metadata = await fetch(
      `${server.baseUrl}/.well-known/oauth-protected-resource/api/client/v1`,
    )
    expect(await metadata.json()).toMatchObject({
      resource: `${server.baseUrl}/api/client/v1`,
      authorization_servers: [server.baseUrl],
    })
  })

  it('J14: the published keys hold no private parts and are 2048 bits or more', () => {
    expect(jwks.keys).toHaveLength(2)
    for (const key of jwks.keys) {
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'])
        expect(key).not.toHaveProperty(secret)
      if (key.kty === 'RSA') expect(Buffer.from(String(key.n), 'base64url')).toHaveLength(256)
    }
  })
})
