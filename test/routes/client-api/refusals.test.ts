// How the Client API says no: the status, the words, the headers, and that scripts of every origin can read them.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Account, accountsCollection } from '../../../src/stores/accounts.ts'
import { type Call, callerOf, signedIn, tokensOf } from '../../support/client-api.ts'
import { startServer, type TestServer } from '../../support/server.ts'

const ANA = 'ana.dubois@example.com'

const reads = ['/profile', '/orders', '/bookings', '/enquiries'] as const

describe('the Client API', () => {
  let server: TestServer
  let ana: Call
  let nobody: Call

  beforeAll(async () => {
    server = await startServer()
    ana = await signedIn(server, ANA)
    nobody = callerOf(server)
  })
  afterAll(() => server.stop())

  const metadataUri = () => `${server.baseUrl}/.well-known/oauth-protected-resource/api/client/v1`

  describe('without a valid token', () => {
    const UNAUTHORISED = '{"success":false,"error":"Invalid or expired token"}'

    it.each([...reads.map((path) => ['GET', path] as const), ['PATCH', '/profile'] as const])(
      '%s %s answers 401 with the body of the requirement, to the letter',
      async (method, path) => {
        for (const call of [nobody, callerOf(server, 'x.y.z'), callerOf(server, '')]) {
          const { status, text } = await call(method, path)
          expect([status, text]).toEqual([401, UNAUTHORISED])
        }
      },
    )

    it('names what is wrong and where to get a token (RFC 6750, 3; RFC 9728, 5.1)', async () => {
      const challenge = async (call: Call) =>
        (await call('GET', '/profile')).headers.get('www-authenticate')
      const metadata = `resource_metadata="${metadataUri()}"`
      expect(await challenge(nobody)).toBe(
        `Bearer ${metadata}, DPoP algs="ES256 EdDSA", ${metadata}`,
      )
      const wrong = await challenge(callerOf(server, 'wrong'))
      expect(wrong).toBe(`Bearer error="invalid_token", ${metadata}`)
    })

    it('says so before it reads a body, a query or a header', async () => {
      const json = { unknown: 'x'.repeat(100_000) }
      expect((await nobody('PATCH', '/profile', { json })).status).toBe(401)
      expect((await nobody('GET', '/orders?limit=x')).status).toBe(401)
    })

    it('J12: a token of an account that was disabled is none, within seconds', async () => {
      const tokens = await tokensOf(server, { email: 'jonas.silva@example.com' })
      const call = callerOf(server, tokens.access_token)
      expect((await call('GET', '/profile')).status).toBe(200)
      const accounts = server.documents.collection<Account>(accountsCollection)
      await accounts.updateOne({ _id: tokens.sub }, { $set: { disabledAt: server.clock.now() } })
      server.clock.forward(5000)
      expect((await call('GET', '/profile')).text).toBe(UNAUTHORISED)
    })
  })

  describe('with a token that holds too little', () => {
    const cases = [
      ['GET', '/profile', 'profile:read', 'orders:read'],
      ['PATCH', '/profile', 'profile:write', 'profile:read'],
      ['GET', '/orders', 'orders:read', 'bookings:read'],
      ['GET', '/bookings', 'bookings:read', 'orders:read'],
      ['GET', '/enquiries', 'enquiries:read', 'orders:read'],
      ['GET', '/sessions', 'sessions:read', 'profile:read'],
      ['DELETE', '/sessions', 'sessions:write', 'sessions:read'],
      ['DELETE', '/sessions/any', 'sessions:write', 'sessions:read'],
    ] as const

    it.each(cases)('J10: %s %s answers 403 and names the scope %s', async (...row) => {
      const [method, path, needed, held] = row
      const email = `${needed.replace(':', '-')}-${path.length}@example.org`
      const call = await signedIn(server, email, `openid ${held}`)
      const { status, failure, headers } = await call(method, path, {
        ...(method === 'PATCH' && { json: {} }),
      })
      expect([status, failure.code]).toEqual([403, 'insufficient_scope'])
      expect(headers.get('www-authenticate')).toBe(
        `Bearer error="insufficient_scope", scope="${needed}", resource_metadata="${metadataUri()}"`,
      )
    })
  })

  describe('at an address or with a method that is not there', () => {
    it.each(['/nothing', '/profile/x', '/orders/ord_1', '/%', '//profile'])(
      'GET %s answers 404',
      async (path) => {
        const { status, failure } = await ana('GET', path)
        expect([status, failure.code]).toEqual([404, 'not_found'])
      },
    )

    it.each([
      ['POST', '/profile', 'HEAD, GET, PATCH, OPTIONS'],
      ['DELETE', '/profile', 'HEAD, GET, PATCH, OPTIONS'],
      ['PUT', '/orders', 'HEAD, GET, OPTIONS'],
      ['GET', '/refresh', 'POST, OPTIONS'],
    ])('%s %s answers 405 and lists what there is', async (method, path, allow) => {
      const { status, failure, headers } = await ana(method, path)
      expect([status, failure.code]).toEqual([405, 'method_not_allowed'])
      expect(headers.get('allow')).toBe(allow)
    })

    it('OPTIONS lists it, too', async () => {
      const url = `${server.baseUrl}/api/client/v1`
      const answer = await fetch(`${url}/orders`, { method: 'OPTIONS' })
      expect([answer.status, answer.headers.get('allow')]).toEqual([204, 'HEAD, GET, OPTIONS'])
      expect((await fetch(`${url}/nothing`, { method: 'OPTIONS' })).status).toBe(404)
    })
  })

  it('D13: answers 400 to a NUL in the address, in its own envelope', async () => {
    for (const path of ['/orders?status=%00', '/orders?cursor=a%00', '/profile%00', '/%00']) {
      const { status, failure } = await ana('GET', path)
      expect({ path, status, code: failure.code }).toEqual({
        path,
        status: 400,
        code: 'bad_request',
      })
    }
  })

  it('is not kept by caches when it refuses', async () => {
    for (const path of ['/profile', '/nothing'])
      expect((await nobody('GET', path)).headers.get('cache-control')).toBe('no-store')
  })

  it('gives each answer an id of its own, whatever the caller sends, and logs it', async () => {
    const sent = { 'x-request-id': 'req_of_another' }
    const { headers } = await nobody('GET', '/profile', { headers: sent })
    const id = String(headers.get('x-request-id'))
    expect(id).toMatch(/^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){2}$/)
    expect(server.log.lines.filter((line) => line.includes(id)).length).toBeGreaterThan(0)
  })

  describe('to scripts of another origin', () => {
    const preflight = (path: string, method: string): Promise<Response> =>
      fetch(`${server.baseUrl}/api/client/v1${path}`, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://app.example',
          'access-control-request-method': method,
          'access-control-request-headers': 'authorization,content-type,if-match',
        },
      })

    it.each([...reads, '/refresh', '/openapi.json', '', '/nothing'])(
      'O23: allows the preflight of %s for a day, without credentials',
      async (path) => {
        const { status, headers } = await preflight(path, 'PATCH')
        expect(status).toBe(204)
        expect(headers.get('access-control-allow-origin')).toBe('*')
        expect(headers.has('access-control-allow-credentials')).toBe(false)
        expect(headers.get('access-control-max-age')).toBe('86400')
        const methods = headers.get('access-control-allow-methods')?.split(',')
        expect(methods).toEqual(expect.arrayContaining(['GET', 'POST', 'PATCH']))
        const allowed = headers.get('access-control-allow-headers')?.split(',')
        expect(allowed).toEqual(
          expect.arrayContaining(['authorization', 'content-type', 'if-match']),
        )
      },
    )

    // That every answer allows every origin is checked on each call of these tests.
    it('shows the headers that a script needs, on success and refusal', async () => {
      for (const [call, path] of [
        [ana, '/profile'],
        [nobody, '/profile'],
        [ana, '/nothing'],
      ] as const) {
        const exposed = (await call('GET', path)).headers.get('access-control-expose-headers')
        for (const name of ['ETag', 'Retry-After', 'RateLimit-Remaining', 'WWW-Authenticate'])
          expect(exposed?.split(',')).toContain(name)
      }
    })

    it('is the same to an opaque origin, and to none', async () => {
      for (const origin of ['null', 'https://evil.example'])
        expect((await ana('GET', '/profile', { headers: { origin } })).status).toBe(200)
    })
  })

  describe('to somebody who calls too often', () => {
    const left = (answer: { headers: Headers }) => Number(answer.headers.get('ratelimit-remaining'))

    it('counts every read of a person, whatever token, and answers 429 until the window ends', async () => {
      const email = 'ben.kaya@example.com'
      const [one, other] = [await signedIn(server, email), await signedIn(server, email)]
      const first = await one('GET', '/orders')
      expect(first.headers.get('ratelimit-limit')).toBe('240')
      expect(left(first)).toBe(239)
      await Promise.all(Array.from({ length: 238 }, () => one('GET', '/orders')))
      expect(left(await other('GET', '/profile'))).toBe(0)

      const refused = await other('GET', '/orders')
      expect([refused.status, refused.failure.code]).toEqual([429, 'rate_limited'])
      const wait = Number(refused.headers.get('retry-after'))
      expect(wait).toBeGreaterThan(0)
      expect(wait).toBeLessThanOrEqual(120)
      expect(refused.headers.get('ratelimit-reset')).toBe(String(wait))
      expect(left(refused)).toBe(0)

      // Others, and this person's changes, are not meant.
      expect((await ana('GET', '/orders')).status).toBe(200)
      expect((await one('PATCH', '/profile', { json: {} })).status).toBe(200)
      server.clock.forward(wait * 1000)
      expect((await one('GET', '/orders')).status).toBe(200)
    })

    it('counts changes by themselves, refused ones too', async () => {
      const call = await signedIn(server, 'dev.evans@example.com')
      const first = await call('PATCH', '/profile', { json: { unknown: 1 } })
      expect([first.headers.get('ratelimit-limit'), left(first)]).toEqual(['40', 39])
      await Promise.all(Array.from({ length: 39 }, () => call('PATCH', '/profile', { json: {} })))
      expect((await call('PATCH', '/profile', { json: {} })).status).toBe(429)
      expect((await call('GET', '/profile')).status).toBe(200)
    })
  })

  // Last: nothing of this server works afterwards.
  it('answers 503 with Retry-After while its store is away, and shows nothing of it', async () => {
    await server.documents.close()
    server.clock.forward(5000) // what is remembered is old
    for (const path of reads) {
      const { status, failure, headers, text } = await ana('GET', path)
      expect([status, failure.code]).toEqual([503, 'unavailable'])
      expect(headers.get('retry-after')).toBe('5')
      expect(text).not.toMatch(/sqlite|database|\bat\b/i)
    }
    expect((await ana('PATCH', '/profile', { json: {} })).status).toBe(503)
    expect((await nobody('POST', '/refresh', { json: { refresh_token: 'x' } })).status).toBe(503)
  })
})
