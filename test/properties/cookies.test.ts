// Cookies: what is altered, mixed or made up opens nothing and breaks nothing.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  handedOnCookie,
  handedOnOf,
  places,
  successorOf,
  whereCookie,
} from '../../adapters/oidc/session-cookies.ts'
import { createCookieSignatures } from '../../src/provider/cookie-signatures.ts'
import { createKeyring } from '../../src/shared/secrets.ts'
import { signInToConsole } from '../support/console-agent.ts'
import { signedInPerson } from '../support/journeys.ts'
import { among, propertiesOf } from '../support/properties.ts'
import { sendRaw } from '../support/raw-http.ts'
import { createRelyingParty } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { roomyLimits } from '../support/sign-in-pages.ts'

const holds = propertiesOf('cookies')

const signatures = (secret: string) => {
  const keyring = createKeyring([secret])
  return createCookieSignatures((cookie) => keyring.digests('cookies', cookie))
}
const ours = signatures('a-secret-of-ours-0123456789abcdef')
const theirs = signatures('a-secret-of-others-0123456789abc')
const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  among(
    '__proto__ constructor {"$gt":""} $where sha256:x a.b.c .a. x.a.y x.i.y %00 %zz j:{} s:x "x" ; =',
  ),
)

describe('a signature', () => {
  holds(
    'is good for the name and value that it was made for, under our secret, and for nothing else',
    fc.property(anyText, anyText, anyText, (cookie, other, made) => {
      const signature = String(ours.sign(cookie))
      expect(ours.verify(cookie, signature)).toBe(true)
      if (other !== cookie) expect(ours.verify(other, signature)).toBe(false)
      expect(ours.verify(cookie, made)).toBe(false)
      expect(ours.verify(cookie, signature.slice(0, -1))).toBe(false)
      expect(ours.verify(cookie, `${signature}${made || '='}`)).toBe(false)
      expect(ours.verify(cookie, String(theirs.sign(cookie)))).toBe(false)
    }),
    { runs: 100 },
  )
})

describe('the cookie of a session that was handed on', () => {
  const uid = fc.stringMatching(/^[\w-]{1,40}$/)
  const place = fc.constantFrom(...places)

  holds(
    'says where it belongs, and so does the one that takes its place',
    fc.property(uid, place, uid, uid, (id, at, random, next) => {
      const cookie = handedOnCookie({ uid: id, place: at }, random)
      expect(handedOnOf(cookie)).toEqual({ uid: id, place: at })
      expect(handedOnOf(successorOf(cookie, next))).toEqual({ uid: id, place: at })
      expect(Object.keys(whereCookie(cookie))).toEqual(['_id', `handedOn.${at}.cookie`])
    }),
    { runs: 100 },
  )

  holds(
    'that is made up asks the store for texts alone, at places there are',
    fc.property(
      fc.oneof(
        anyText,
        fc.array(anyText).map((parts) => parts.join('.')),
      ),
      (cookie) => {
        const asked = whereCookie(cookie)
        const known = ['_id', 'cookie', ...places.map((each) => `handedOn.${each}.cookie`)]
        expect(known).toEqual(expect.arrayContaining(Object.keys(asked)))
        for (const value of Object.values(asked)) expect(typeof value).toBe('string')
      },
    ),
    { runs: 100 },
  )
})

describe('what is sealed into a cookie', () => {
  const keyring = createKeyring(['a-secret-of-ours-0123456789abcdef'])
  const context = fc.oneof(anyText, fc.record({ context: anyText, bearer: anyText }))

  holds(
    'is opened as it was, in its own context, and not once a bit of it has changed',
    fc.property(
      anyText,
      context,
      context,
      fc.nat(),
      fc.nat({ max: 7 }),
      (clear, one, other, at, bit) => {
        const text = clear.toWellFormed()
        const sealed = keyring.seal('seal:cookie', one, text)
        expect(keyring.open('seal:cookie', one, sealed)).toBe(text)
        expect(keyring.open('seal:restart', one, sealed)).toBeUndefined()
        if (JSON.stringify(one) !== JSON.stringify(other))
          expect(keyring.open('seal:cookie', other, sealed)).toBeUndefined()
        const bytes = Buffer.from(sealed, 'base64url')
        bytes.writeUInt8(bytes.readUInt8(at % bytes.length) ^ (1 << bit), at % bytes.length)
        expect(keyring.open('seal:cookie', one, bytes.toString('base64url'))).toBeUndefined()
      },
    ),
    { runs: 100 },
  )
})

describe('a Cookie header', () => {
  const OPERATOR = 'olga@example.com'
  let server: TestServer
  let silent: URL
  /** Of two customers, and of an operator: name and value. */
  let [one, two, operator]: [string, string][][] = []
  let signInPage = ''

  beforeAll(async () => {
    server = await startServer({ env: { OPERATORS: OPERATOR } })
    await server.changeSignIn(roomyLimits)
    const pairsOf = (cookies: readonly { name: string; value: string }[]) =>
      cookies.map(({ name, value }): [string, string] => [name, value])
    one = pairsOf((await signedInPerson(server)).agent.cookies)
    two = pairsOf((await signedInPerson(server)).agent.cookies)
    operator = pairsOf((await signInToConsole(server, OPERATOR)).agent.cookies)
    const party = await createRelyingParty(server, await server.register({ firstParty: true }))
    silent = (await party.authorize({ prompt: 'none', scope: 'openid' })).url
    const { url } = await party.authorize()
    const answer = await fetch(url, { redirect: 'manual' })
    signInPage = String(answer.headers.get('location'))
  })
  afterAll(() => server.stop())

  type Pair = [name: string, value: string]
  /** Pieces of real ones, mixed with others: which of them, and what becomes of it. */
  const mixture = fc.array(
    fc.tuple(
      fc.nat(),
      fc.nat(),
      fc.constantFrom('keep', 'keep', 'keep', 'cut', 'grow', 'swap', 'odd'),
      anyText,
    ),
    { maxLength: 8 },
  )
  const isToken = (text: string): boolean => /^[\x21-\x3a\x3c-\x7e]*$/.test(text)

  function headerOf(
    draws: readonly [number, number, string, string][],
    pool: readonly Pair[],
  ): string {
    const pairs = draws.map(([first, second, way, odd]): Pair => {
      const [name, value] = pool[first % pool.length] ?? ['x', 'x']
      const [, foreign] = pool[second % pool.length] ?? ['x', 'x']
      const values = new Map([
        ['keep', value],
        ['cut', value.slice(0, -1)],
        ['grow', `${value}A`],
        ['swap', foreign],
      ])
      return [name, values.get(way) ?? (isToken(odd) ? odd : 'odd')]
    })
    return pairs.map(([name, value]) => `${name}=${value}`).join('; ')
  }
  /** Whether the header holds all of these as they were given. */
  const holdsAll = (header: string, pairs: readonly Pair[]): boolean =>
    pairs.every(([name, value]) => header.split('; ').includes(`${name}=${value}`))

  const plain = (pairs: readonly Pair[] = []): string =>
    pairs.map((pair) => pair.join('=')).join('; ')

  const ask = async (url: string | URL, cookie: string) => {
    server.log.lines.length = 0
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } })
    await response.text()
    expect({ status: response.status < 500, errors: server.log.errors }).toEqual({
      status: true,
      errors: [],
    })
    return response
  }

  it('signs in with what was given', async () => {
    const { headers } = await ask(silent, plain(one))
    expect(String(headers.get('location'))).toContain('code=')
    expect(await ask(`${server.baseUrl}/admin/session`, plain(operator))).toMatchObject({
      status: 200,
    })
  })

  holds(
    'signs somebody in at an application only with a session and its signature as they were given',
    fc.asyncProperty(mixture, async (draws) => {
      const sessions = [one, two].map((pairs = []) =>
        pairs.filter(([name]) => name.includes('session')),
      )
      const header = headerOf(draws, sessions.flat())
      const { headers } = await ask(silent, header)
      const isIn = new URL(String(headers.get('location'))).searchParams.has('code')
      if (isIn) expect(sessions.some((pairs) => holdsAll(header, pairs))).toBe(true)
    }),
    { runs: 30 },
  )

  holds(
    'signs an operator in only with the console’s cookie as it was given',
    fc.asyncProperty(mixture, async (draws) => {
      const header = headerOf(draws, [...(operator ?? []), ...(one ?? [])])
      const { status } = await ask(`${server.baseUrl}/admin/session`, header)
      expect([200, 401]).toContain(status)
      const own = (operator ?? []).filter(([name]) => name.endsWith('console'))
      expect(own).not.toEqual([])
      if (status === 200) expect(holdsAll(header, own)).toBe(true)
    }),
    { runs: 30 },
  )

  holds(
    'made of any bytes breaks no page',
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 60 }),
      fc.nat(),
      fc.constantFrom(
        '/oauth/authorize',
        '/admin/session',
        '/oauth/logout',
        '/',
        'sign-in',
        '/portal',
      ),
      async (bytes, which, at) => {
        const [name = 'foyer_session'] = [...(one ?? []), ...(operator ?? [])]
          .map(([each]) => each)
          .slice(which % 6)
        // Ends of lines would end the header.
        const odd = Buffer.from(bytes.filter((byte) => byte !== 10 && byte !== 13)).toString(
          'latin1',
        )
        const path = at === 'sign-in' ? signInPage : at
        server.log.errors.length = 0
        const head = [
          `GET ${path} HTTP/1.1`,
          `Host: ${new URL(server.baseUrl).host}`,
          'Connection: close',
        ]
        const { status } = await sendRaw(server, [...head, `Cookie: ${name}=${odd}; ${odd}`])
        expect(status).toBeLessThan(500)
        expect(server.log.errors).toEqual([])
      },
    ),
    { runs: 30 },
  )
})
