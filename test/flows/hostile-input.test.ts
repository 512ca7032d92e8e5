// What no browser and no library sends: operators, polluted prototypes, bodies and headers out of all proportion.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { documentModels } from '../../adapters/oidc/placement.ts'
import { listen } from '../../src/http/listener.ts'
import { accountsCollection } from '../../src/stores/accounts.ts'
import { clientsCollection } from '../../src/stores/clients.ts'
import { customersCollection } from '../../src/stores/customers.ts'
import { type RawAnswer, sendRaw } from '../support/raw-http.ts'
import { createRelyingParty, type RelyingParty, signIn } from '../support/relying-party.ts'
import type { TestServer } from '../support/server.ts'
import { askAddress, askCode, freshAddress, roomyLimits } from '../support/sign-in-pages.ts'
import { startStopwatch } from '../support/stopwatch.ts'
import { describeOnAllStores } from '../support/stores.ts'
import { formAt, type UserAgent } from '../support/user-agent.ts'

const FORM = 'application/x-www-form-urlencoded'
const kept = [
  accountsCollection,
  customersCollection,
  clientsCollection,
  ...Object.values(documentModels),
]

describeOnAllStores('hostile input', (start) => {
  let server: TestServer
  let party: RelyingParty
  let clientId: string

  beforeAll(async () => {
    server = await start()
    await server.changeSignIn(roomyLimits)
    const client = await server.register({ firstParty: true })
    clientId = client.client_id
    party = await createRelyingParty(server, client)
  })
  afterAll(() => server.stop())

  const post = (path: string, body: string, headers: { [name: string]: string } = {}) =>
    fetch(new URL(path, server.baseUrl), {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': FORM, ...headers },
      body,
    })
  const get = (path: string, headers: { [name: string]: string } = {}) =>
    fetch(new URL(path, server.baseUrl), { redirect: 'manual', headers })
  const submit = (agent: UserAgent, path: string, body: string, type = FORM) =>
    agent.request(path, { method: 'POST', headers: { 'content-type': type }, body })

  /** How many documents there are of each kind that a request could leave behind. */
  const counts = () => Promise.all(kept.map((spec) => server.documents.collection(spec).count({})))

  /** Runs it; nothing was stored by it, and nothing broke. */
  async function leavesNothing(run: () => Promise<void>): Promise<void> {
    const before = await counts()
    server.log.lines.length = 0
    await run()
    expect(await counts()).toEqual(before)
    expect(server.log.lines.join('\n')).not.toMatch(/internal_error|server_error|"status":5/)
  }

  describe('D01: an operator in place of a value', () => {
    it('in a form of the pages is refused, and reaches no store', async () => {
      const address = await askAddress(server, party)
      const code = await askCode(server, party, { email: freshAddress() })
      await leavesNothing(async () => {
        for (const operator of [
          '[$ne]=x',
          '[$gt]=',
          '[$regex]=.*',
          '[$where]=1',
          '[]=x',
          '.$ne=x',
        ]) {
          const answers = [
            await submit(address.agent, formAt(address.page, 'email'), `email${operator}`),
            await submit(code.agent, formAt(code.page, 'code'), `code${operator}`),
          ]
          expect(answers.map(({ status }) => status)).toEqual([400, 400])
        }
        const json = await submit(
          address.agent,
          formAt(address.page, 'email'),
          '{"email":{"$gt":""}}',
          'application/json',
        )
        expect(json.status).toBe(415)
        const text = await submit(address.agent, formAt(address.page, 'email'), 'email={"$gt":""}')
        expect(text.status).toBe(422)
      })
    })

    const operators = ['[$ne]=x', '[$gt]=', '[$in][]=x', '={"$ne":null}', '=%00', '=x&{name}=y']

    it.each(['client_id', 'redirect_uri', 'scope', 'state', 'response_type'])(
      'in %s of an authorization request is refused on a page of ours',
      async (name) => {
        const { url } = await party.authorize()
        await leavesNothing(async () => {
          for (const operator of operators) {
            const query = new URLSearchParams(url.search)
            // `state` is any text, and the application's own.
            if (name === 'state' && operator.startsWith('={')) continue
            query.delete(name)
            const answer = await get(
              `/oauth/authorize?${query}&${name}${operator.replace('{name}', name)}`,
            )
            const location = answer.headers.get('location')
            // Without the parameter that was named so, the request is refused, here or at the application.
            if (location === null) expect(answer.status).toBe(400)
            else if (name === 'state') expect(location).toMatch(/^(\/sign-in\/|http:\/\/127)/)
            else
              expect(new URL(location, server.baseUrl).searchParams.get('error')).toMatch(
                /^(invalid|unsupported)_/,
              )
          }
        })
      },
    )

    it.each(['refresh_token', 'code', 'client_id', 'grant_type', 'token'])(
      'in %s at an endpoint for programs is refused',
      async (name) => {
        await leavesNothing(async () => {
          for (const operator of operators) {
            const pair = `${name}${operator.replace('{name}', name)}`
            for (const endpoint of ['token', 'revoke', 'introspect', 'par', 'userinfo']) {
              const { status } = await post(
                `/oauth/${endpoint}`,
                `grant_type=refresh_token&client_id=${clientId}&${pair}`,
              )
              expect({ endpoint, pair, status: String(status) }).toEqual({
                endpoint,
                pair,
                status: expect.stringMatching(/^40[01]$/),
              })
            }
          }
        })
      },
    )

    it('in a cookie, in Basic or in a bearer token is nobody’s', async () => {
      await leavesNothing(async () => {
        const names = (await askAddress(server, party)).agent.cookies.map(({ name }) => name)
        for (const value of [
          '{"$gt":""}',
          '[$ne]',
          '__proto__',
          '../x',
          "' OR 1=1",
          'x'.repeat(500),
        ]) {
          const cookie = [...names, '__Host-x']
            .map((name) => `${name}=${encodeURIComponent(value)}`)
            .join('; ')
          expect((await get('/sign-in/__proto__', { cookie })).status).toBe(410)
          expect((await get((await party.authorize()).url.href, { cookie })).status).toBe(303)
          const basic = `Basic ${Buffer.from(`${value}:${value}`).toString('base64')}`
          const answer = await post('/oauth/token', 'grant_type=client_credentials', {
            authorization: basic,
          })
          expect(answer.status).toBe(401)
          const bearer = `Bearer ${encodeURIComponent(value)}`
          expect((await get('/api/client/v1/profile', { authorization: bearer })).status).toBe(401)
          expect((await get('/oauth/userinfo', { authorization: bearer })).status).toBe(401)
        }
      })
    })
  })

  it('D02: keys that reach into every object are refused or ignored, and change none', async () => {
    const { agent, page } = await askAddress(server, party)
    const keys = [
      '__proto__',
      '__proto__[polluted]',
      'constructor[prototype][polluted]',
      'prototype.polluted',
    ]
    const { url } = await party.authorize()
    for (const key of keys) {
      const pair = `${encodeURIComponent(key)}=yes`
      expect((await submit(agent, formAt(page, 'email'), `email=a@b.example&${pair}`)).status).toBe(
        400,
      )
      expect((await submit(agent, formAt(page, 'email'), pair)).status).toBe(400)
      expect((await get(`/oauth/authorize?${url.searchParams}&${pair}`)).status).toBe(303)
      expect((await post('/oauth/token', `grant_type=client_credentials&${pair}`)).status).toBe(400)
      expect((await post('/oauth/challenge', `email=a@b.example&${pair}`)).status).toBe(400)
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  describe('D03: a pattern', () => {
    const patterns = ['.*', '^', '(a+)+$', '[\\s\\S]*', '%', '_', '*', '?'.repeat(20)]
    /** What takes some matchers longer than the age of the universe. */
    const heavy = [
      ...[`${'a'.repeat(5000)}!`, '.*'.repeat(5000), '('.repeat(9000), ' '.repeat(9000)],
      ...[`${'a.'.repeat(4000)}@`, `a@${'b.'.repeat(4000)}`, `a@${'-'.repeat(5000)}.example`],
      ...[
        '='.repeat(5000),
        ';'.repeat(5000),
        ','.repeat(5000),
        'a,'.repeat(4000),
        '\t'.repeat(5000),
      ],
    ]

    it('where something is looked up is a text like any other', async () => {
      const email = freshAddress()
      const pending = await party.authorize()
      const tokens = await party.exchange(
        await signIn(server, { url: pending.url, email }),
        pending,
      )
      const authorization = `Bearer ${tokens.access_token}`
      expect(await server.mails(email)).toHaveLength(1)
      for (const pattern of patterns) {
        const text = encodeURIComponent(pattern)
        expect(await server.mails(`${pattern}${email.slice(1)}`)).toEqual([])
        expect((await get(`/oauth/authorize?client_id=${text}&response_type=code`)).status).toBe(
          400,
        )
        expect((await get(`/sign-in/${text}`)).status).toBe(410)
        expect((await get(`/o/${text}/oauth/jwks`)).status).toBe(404)
        for (const query of [`status=${text}`, `cursor=${text}`, `from=${text}`])
          expect((await get(`/api/client/v1/orders?${query}`, { authorization })).status).toBe(400)
        for (const name of ['refresh_token', 'code', 'token'])
          expect((await post('/oauth/token', `grant_type=${name}&${name}=${text}`)).status).toBe(
            400,
          )
      }
    })

    it('that is heavy costs no time, wherever it stands', async () => {
      const { agent, page } = await askAddress(server, party)
      const code = await askCode(server, party, { email: freshAddress() })
      for (const text of heavy) {
        const value = encodeURIComponent(text)
        const header = text.replace(/[^\x20-\x7e]/g, ' ')
        const asked = [
          () => submit(agent, `${page.url}/email`, `email=${value}`),
          () => submit(code.agent, `${code.page.url}/code`, `code=${value}`),
          () => post('/oauth/token', `grant_type=refresh_token&refresh_token=${value}`),
          () => post('/oauth/par', `client_id=${clientId}&redirect_uri=${value}&scope=${value}`),
          () => post('/oauth/challenge', `client_id=${value}&email=${value}&scope=${value}`),
          () => post('/oauth/challenge', `auth_session=${value}&otp=${value}`),
          () => post('/oauth/challenge', `auth_session=${value}&accept=${value}`),
          () => get('/api/client/v1/profile', { authorization: `Bearer ${header}` }),
          () => get('/oauth/token', { authorization: `Basic ${header}` }),
          () => get('/.well-known/openid-configuration', { 'accept-language': header }),
          () => get(page.url, { cookie: header, accept: header, 'accept-language': header }),
          () => get('/api/client/v1/profile', { 'if-none-match': header, origin: header }),
        ]
        for (const ask of asked) {
          const taken = startStopwatch()
          const { status } = await ask()
          const milliseconds = taken()
          expect(status).toBeLessThan(500)
          expect(milliseconds).toBeLessThan(1000)
        }
      }
    })
  })

  describe('D13: a request out of proportion', () => {
    const own = (): string => new URL(server.baseUrl).host
    const head = (...lines: string[]): string[] => [
      'POST /oauth/token HTTP/1.1',
      `Host: ${own()}`,
      `Content-Type: ${FORM}`,
      ...lines,
    ]

    /** One refusal and no second answer; afterwards people sign in as ever. */
    async function isRefused(
      answer: Promise<RawAnswer>,
      statuses: readonly number[],
    ): Promise<void> {
      const { status, text } = await answer
      expect(statuses).toContain(status)
      expect(text.match(/^HTTP\/1\.1 /gm) ?? []).toHaveLength(status === 0 ? 0 : 1)
    }
    afterAll(async () => {
      const pending = await party.authorize()
      const callback = await signIn(server, { url: pending.url, email: freshAddress() })
      await party.exchange(callback, pending)
    })

    const large = Buffer.alloc(10 * 1024 * 1024, 'a')

    it('with a body of 10 MB is cut off with 413, its length told or not', async () => {
      const { agent, page } = await askAddress(server, party)
      expect((await submit(agent, formAt(page, 'email'), `email=${large}`)).status).toBe(413)
      expect((await post('/oauth/token', `code=${large}`)).status).toBe(413)
      const endless = new ReadableStream({ pull: (controller) => controller.enqueue(large) })
      const untold = {
        method: 'POST',
        headers: { 'content-type': FORM },
        body: endless,
        duplex: 'half',
      }
      const answer = await fetch(`${server.baseUrl}/oauth/token`, untold as RequestInit) // DOM's type has no `duplex`
      expect(answer.status).toBe(413)
    })

    it('with a form of many parts or fields is refused', async () => {
      const { agent, page } = await askAddress(server, party)
      const multipart =
        '--x\r\nContent-Disposition: form-data; name="email"\r\n\r\na@b.example\r\n--x--'
      const type = 'multipart/form-data; boundary=x'
      expect((await submit(agent, formAt(page, 'email'), multipart, type)).status).toBe(415)
      expect((await post('/oauth/token', multipart, { 'content-type': type })).status).toBe(400)
      const fields = Array.from({ length: 5000 }, (_, index) => `f${index}=`).join('&')
      expect((await submit(agent, formAt(page, 'email'), fields)).status).toBe(400)
    })

    it('with ten thousand headers, a long one or a long address is refused with 431', async () => {
      const many = Array.from({ length: 10_000 }, (_, index) => `X-${index}: y`)
      const long = 'x'.repeat(20_000)
      // Cut off before all of it was read: whether the answer still arrives is the network's luck.
      await isRefused(sendRaw(server, head(...many)), [431, 0])
      await isRefused(sendRaw(server, head(`Cookie: a=${long}`)), [431])
      await isRefused(sendRaw(server, [`GET /${long} HTTP/1.1`, `Host: ${own()}`]), [431])
    })

    const smuggled = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'
    it.each([
      ['both a length and chunks', ['Content-Length: 4', 'Transfer-Encoding: chunked']],
      ['two lengths', ['Content-Length: 4', 'Content-Length: 40']],
      ['a list of lengths', ['Content-Length: 4, 40']],
      ['a signed length', ['Content-Length: +4']],
      ['chunks that are not last', ['Transfer-Encoding: chunked, identity']],
      ['an unknown transfer coding', ['Transfer-Encoding: xchunked']],
      ['a space before the colon', ['Transfer-Encoding : chunked']],
      ['a folded header', ['X-A: b', ' Transfer-Encoding: chunked']],
      ['a bare line feed', ['X-A: b\nTransfer-Encoding: chunked']],
      ['a NUL in a header', ['X-A: b\0c']],
    ])('with %s is refused: proxies read it in different ways', async (_name, lines) => {
      await isRefused(sendRaw(server, head(...lines), `0\r\n\r\n${smuggled}`), [400])
    })

    it('with a method of its own is refused', async () => {
      for (const method of ['TRACE', 'PURGE', 'PROPFIND']) {
        const line = `${method} /oauth/token HTTP/1.1`
        await isRefused(sendRaw(server, [line, `Host: ${own()}`, 'Connection: close']), [404, 405])
      }
      await isRefused(
        sendRaw(server, [`CONNECT ${own()} HTTP/1.1`, `Host: ${own()}`]),
        [0, 400, 404],
      )
    })

    it('that comes byte by byte is cut off with 408, in its head and in its body', async () => {
      const listener = await listen({
        port: 0,
        host: 'localhost',
        handler: server.app.callback(),
        patience: { headersTimeout: 200, requestTimeout: 300, connectionsCheckingInterval: 50 },
      })
      const slow = { baseUrl: `http://localhost:${listener.port}` }
      const line = 'POST /oauth/token HTTP/1.1'
      await isRefused(sendRaw(slow, [line, 'Host: x'], null), [408])
      await isRefused(sendRaw(slow, head('Content-Length: 4'), 'a'), [408])
      await listener.close({ notice: 0, limit: 100 })
    })
  })
})
