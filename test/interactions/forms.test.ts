// The forms of sign-in, as they must not be sent: from elsewhere, without their cookie, broken, or too late.

import { createHash } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createRelyingParty, type RelyingParty, untilLeft } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import {
  askAddress,
  askCode,
  freshAddress,
  roomyLimits,
  wordsOf,
} from '../support/sign-in-pages.ts'
import { createUserAgent, formAt, formsOf } from '../support/user-agent.ts'

const FORM = 'application/x-www-form-urlencoded'

describe('a form of sign-in', () => {
  let server: TestServer
  let party: RelyingParty

  beforeAll(async () => {
    server = await startServer()
    await server.changeSignIn(roomyLimits)
    party = await createRelyingParty(server, await server.register())
  })
  afterAll(() => server.stop())

  const post = (body: string, headers: { [name: string]: string } = {}): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': FORM, ...headers },
    body,
  })

  const foreign: [string, { [name: string]: string }][] = [
    ['another site', { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }],
    ['another site, as old browsers say it', { origin: 'https://evil.test' }],
    ['a sibling domain', { 'sec-fetch-site': 'same-site' }],
    ['nowhere, by a bookmark', { 'sec-fetch-site': 'none' }],
    ['a sandboxed frame', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['the same host on another port', { origin: 'http://localhost:1' }],
  ]
  it.each(foreign)('E09: sent from %s, does nothing and is refused', async (_name, headers) => {
    const email = freshAddress()
    const { agent, page } = await askAddress(server, party)
    const body = new URLSearchParams({ email }).toString()
    const answer = await agent.request(formsOf(page)[0]?.action ?? '', post(body, headers))
    expect(answer.status).toBe(403)
    expect(await answer.text()).toContain('sent from another site')
    expect(await server.mails(email)).toHaveLength(0)
  })

  it('sent from its own page, as browsers say it, is taken', async () => {
    const email = freshAddress()
    const { agent, page } = await askAddress(server, party)
    const headers = { origin: 'null', 'sec-fetch-site': 'same-origin' } // pages send no referrer
    const body = new URLSearchParams({ email }).toString()
    const answer = await agent.request(formsOf(page)[0]?.action ?? '', post(body, headers))
    expect(answer.status).toBe(303)
  })

  it.each(['email', 'code', 'resend', 'other-address', 'permission', 'cancel'])(
    'E09: %s, sent without the cookie of the browser that asked, does nothing',
    async (form) => {
      const email = freshAddress()
      const { page, agent } = await askCode(server, party, { email })
      const code = await server.codeFor(email)
      const fields = { email: { email: freshAddress() }, code: { code } }[form] ?? {}
      const thief = createUserAgent(server.baseUrl)
      const body = new URLSearchParams(fields).toString()
      const answer = await thief.request(formAt(page, form), post(body))
      expect(answer.status).toBe(410)
      // The owner goes on as if nothing had been.
      const permission = await agent.submit(page, { code })
      expect(wordsOf(permission).heading).toBe('Test application asks for access')
    },
  )

  it('E31: sent with the cookie of another sign-in of the same browser, does nothing', async () => {
    const { agent, page } = await askAddress(server, party)
    const cookie = agent.cookies.find(({ path }) => path === new URL(page.url).pathname)
    const other = await askAddress(server, party)
    const answer = await fetch(formsOf(other.page)[0]?.action ?? '', {
      ...post('email=x%40example.org', { cookie: `${cookie?.name}=${cookie?.value}` }),
      redirect: 'manual',
    })
    expect(answer.status).toBe(410)
  })

  it('E31: with the code of another sign-in of the same browser, is refused; each goes back to its own', async () => {
    const other = await createRelyingParty(server, await server.register({ name: 'Another' }))
    const agent = createUserAgent(server.baseUrl)
    const emails = [freshAddress(), freshAddress()]
    const visits = [
      await askCode(server, party, { email: emails[0] ?? '', agent }),
      await askCode(server, other, { email: emails[1] ?? '', agent }),
    ]
    const codes = await Promise.all(emails.map((email) => server.codeFor(email)))
    for (const [at, { page }] of visits.entries())
      expect((await agent.submit(page, { code: codes[1 - at] ?? '' })).status).toBe(422)
    for (const [at, { page, pending }] of visits.entries()) {
      const left = await untilLeft(async () => {
        let next = await agent.submit(page, { code: codes[at] ?? '' })
        for (;;) next = await agent.submit(next) // the other person is signed out, access is allowed
      })
      expect(left.searchParams.get('state')).toBe(pending.state)
    }
  })

  const broken: [string, string, string, number][] = [
    ['a field of an unknown name', 'email=a%40example.org&admin=1', FORM, 400],
    ['a field twice', 'email=a%40example.org&email=b%40example.org', FORM, 400],
    ['a list', 'email[]=a%40example.org', FORM, 400],
    ['an operator', 'email[$ne]=x', FORM, 400],
    ['no field', '', FORM, 400],
    ['a NUL', 'email=a%00%40example.org', FORM, 400],
    ['JSON', '{"email":"a@example.org"}', 'application/json', 415],
    ['text', 'email=a%40example.org', 'text/plain', 415],
    ['parts', '--x--', 'multipart/form-data; boundary=x', 415],
    ['100 kB', `email=${'a'.repeat(100_000)}`, FORM, 413],
    ['an endless address', `email=${'a'.repeat(5000)}%40example.org`, FORM, 422],
    ['two addresses', 'email=a%40example.org%2Cb%40example.org', FORM, 422],
    ['a header of its own', 'email=a%40example.org%0D%0ABcc%3Ab%40example.org', FORM, 422],
    ['broken UTF-8', 'email=%FF%FE%40example.org', FORM, 422],
  ]
  it.each(broken)('sent with %s, is refused on a page', async (_name, body, type, status) => {
    const { agent, page } = await askAddress(server, party)
    const init = post(body, { 'content-type': type })
    const answer = await agent.request(formsOf(page)[0]?.action ?? '', init)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toContain('text/html')
    expect((await agent.open(page.url)).html).toContain('Sign in')
  })

  it('refused, leads back to its page', async () => {
    const { agent, page } = await askAddress(server, party)
    const refused = await agent.open(formsOf(page)[0]?.action ?? '', post('other=1'))
    expect(refused.html).toContain('The form has other fields than its page')
    const href = /<a class="button primary" href="([^"]*)"/.exec(refused.html)?.[1] ?? ''
    expect((await agent.open(new URL(href, refused.url))).url).toBe(page.url)
  })

  it('sent without an end, 10 MB of it, is refused', async () => {
    const { agent, page } = await askAddress(server, party)
    const url = new URL(formsOf(page)[0]?.action ?? '')
    const cookie = agent.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
    const headers = { 'content-type': FORM, cookie, accept: 'text/html' } // chunked: no length is said
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest(url, { method: 'POST', headers }, (response) => {
        resolve(response.statusCode)
        request.destroy()
      })
      request.on('error', reject)
      const chunk = Buffer.alloc(1024 * 1024, 'a')
      for (let megabytes = 0; megabytes < 10; megabytes += 1) request.write(chunk)
      request.end()
    })
    expect(status).toBe(413)
  })

  it.each([
    ['permission', ''],
    ['resend', ''],
    ['other-address', ''],
    ['agreement', ''],
    ['code', 'code=12'],
    ['code', 'code=123456'],
  ])(
    'of a later page, sent early, leads to the page that is asked for: %s, %j',
    async (form, body) => {
      const { agent, page } = await askAddress(server, party)
      const answer = await agent.open(formAt(page, form), post(body))
      expect({ url: answer.url, heading: wordsOf(answer).heading }).toEqual({
        url: page.url,
        heading: 'Sign in',
      })
    },
  )

  describe('of a sign-in that is over', () => {
    it.each([
      ['made-up', () => '/sign-in/made-up'],
      ['too long', () => `/sign-in/${'a'.repeat(500)}`],
      ['no text', () => '/sign-in/%FF'],
      ['a NUL', () => '/sign-in/%00'],
      ['made-up, with two tokens', () => '/sign-in/made-up?r=a&r=b'],
    ])('%s, is a clear page', async (_name, path) => {
      const answer = await createUserAgent(server.baseUrl).request(path())
      expect([400, 404, 410]).toContain(answer.status)
      expect(await answer.text()).toContain('<h1>')
    })

    it('finished already, says so and what to do', async () => {
      const email = freshAddress()
      const { agent, page } = await askCode(server, party, { email })
      const permission = await agent.submit(page, { code: await server.codeFor(email) })
      await untilLeft(() => agent.submit(permission))
      for (const over of [page, permission]) {
        const again = await agent.open(over.url)
        expect(again.status).toBe(410)
        expect(wordsOf(again).heading).toBe('This sign-in has ended')
        expect(again.html).toContain('Go back to the application and sign in again')
      }
    })

    it('an hour old, says so and what to do', async () => {
      const { agent, page } = await askAddress(server, party)
      server.clock.forward(61 * 60_000)
      const again = await agent.submit(page, { email: freshAddress() })
      expect(again.status).toBe(410)
      expect(wordsOf(again).heading).toBe('This sign-in has ended')
    })
  })
})

describe('every page', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())

  it('runs no script and no style but its own, is framed by nobody, kept nowhere, and tells no address', async () => {
    const party = await createRelyingParty(server, await server.register())
    const email = freshAddress()
    const address = await askAddress(server, party)
    const code = await address.agent.submit(address.page, { email })
    const permission = await address.agent.submit(code, { code: await server.codeFor(email) })
    const agent = createUserAgent(server.baseUrl)
    const others = ['/nowhere', '/sign-in/made-up', '/oauth/authorize?client_id=nobody']
    const pages = [address.page, code, permission]
    for (const path of others) pages.push(await agent.open(path))
    pages.push(await address.agent.open('/oauth/logout'))
    for (const { url, headers, html } of pages) {
      const policy = headers.get('content-security-policy') ?? ''
      expect({ url, policy }).toEqual({
        url,
        policy: expect.stringContaining("default-src 'none'"),
      })
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).toContain("base-uri 'none'")
      expect(policy).not.toMatch(/unsafe|https?:|\*/)
      for (const [, tag, text = ''] of html.matchAll(/<(style|script)>(.+?)<\/\1>/gs)) {
        const hash = createHash('sha256').update(text).digest('base64')
        expect(policy).toContain(`${tag}-src 'sha256-${hash}'`)
      }
      expect(gzipSync(html).length).toBeLessThan(6000) // all there is to load
      expect(html).not.toMatch(/ style=| on[a-z]+=|(src|href)="(https?:)?\/\//)
      expect(Object.fromEntries(headers)).toMatchObject({
        'cache-control': expect.stringContaining('no-store'),
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      })
    }
  })
})
