// A sign-in that cannot go on, in the browser where it began: with the request as it was, or to the application.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { clientsCollection } from '../../src/stores/clients.ts'
import {
  expectEnded,
  expectInitiates,
  finish,
  HOME,
  INITIATE,
  post,
  registerApplications,
  wayOn,
} from '../support/ended-pages.ts'
import { createRelyingParty, type RelyingParty, untilLeft } from '../support/relying-party.ts'
import type { TestServer } from '../support/server.ts'
import {
  askAddress,
  askCode,
  freshAddress,
  roomyLimits,
  wordsOf,
} from '../support/sign-in-pages.ts'
import { describeOnAllStores } from '../support/stores.ts'
import { createUserAgent, formAt, formsOf } from '../support/user-agent.ts'

const MINUTE = 60_000

describeOnAllStores('a sign-in', (start, stores) => {
  let server: TestServer
  let ledger: RelyingParty
  let homely: RelyingParty

  beforeAll(async () => {
    server = await start()
    await server.changeSignIn(roomyLimits)
    ;({ ledger, homely } = await registerApplications(server))
  })
  afterAll(() => server.stop())

  it('has an address that is short, and says nothing about a person or of what was asked', async () => {
    const login_hint = 'ana.dubois@example.com'
    const { page, pending } = await askAddress(server, ledger, { parameters: { login_hint } })
    const url = new URL(page.url)
    expect(page.url.length).toBeLessThan(200)
    expect([...url.searchParams.keys()]).toEqual(['r'])
    for (const secret of ['ana', 'example.com', pending.state, pending.nonce])
      expect(page.url).not.toContain(secret)
  })

  it('keeps its token on every page and in every form and link of the way', async () => {
    const email = freshAddress()
    const { agent, page } = await askAddress(server, homely)
    const token = new URL(page.url).searchParams.get('r') ?? ''
    const [id] = token.split('.')
    const invalid = await agent.submit(page, { email: 'nobody' })
    const code = await agent.submit(page, { email })
    const wrong = await agent.submit(code, { code: '1' })
    const sentAgain = await agent.submit(code, {}, 1)
    server.clock.forward(61_000)
    const again = await agent.submit(code, {}, 1)
    const german = await agent.open(`${code.url}&lang=de`)
    const reloaded = await agent.open(formAt(code, 'code'))
    server.clock.forward(11 * MINUTE)
    const expired = await agent.open(code.url)
    const fresh = await agent.submit(expired)
    const permission = await agent.submit(fresh, { code: await server.codeFor(email) })
    const pages = [page, invalid, code, wrong, sentAgain, again, german, reloaded, expired]
    for (const each of [...pages, permission]) {
      expect(new URL(each.url).searchParams.get('r')).toMatch(new RegExp(`^${id}\\.`))
      const forms = formsOf(each).map(({ action }) => action)
      // A page may lead to the application's own, too.
      const links = [...each.html.matchAll(/<a href="([^"]*)"/g)]
        .map(([, href = '']) => href)
        .filter((href) => new URL(href, server.baseUrl).origin === server.baseUrl)
      expect(links.length).toBeGreaterThan(1)
      expect(forms.length).toBeGreaterThan(1)
      for (const address of [...forms, ...links]) expect(address).toMatch(new RegExp(`r=${id}\\.`))
    }
  })

  describe('that cannot go on, in the browser where it began', () => {
    it('O15: within the hour goes on with the request as it was accepted first', async () => {
      const email = freshAddress()
      const login_hint = email
      const visit = await askCode(server, homely, { email, parameters: { login_hint } })
      // The code leads on to the permission: the first page is out of date.
      const permission = await visit.agent.submit(visit.page, { code: await server.codeFor(email) })
      expect(wordsOf(permission).heading).toContain('asks for access')
      const old = await visit.agent.open(visit.page.url)
      expectEnded(server, old, 'This page is out of date')
      const { href, words } = wayOn(old)
      expect(words).toBe('Continue')
      const again = await visit.agent.open(href)
      expect(wordsOf(again).heading).toContain('asks for access')
      const callback = await untilLeft(() => visit.agent.submit(again))
      expect(callback.searchParams.get('state')).toBe(visit.pending.state)
      const tokens = await homely.exchange(callback, visit.pending) // nonce and PKCE fit
      expect(tokens.claims()).toMatchObject({ email, nonce: visit.pending.nonce })
    })

    it('O15: keeps the key that the application bound its tokens to (RFC 9449, 10)', async () => {
      const email = freshAddress()
      const parameters = { dpop_jkt: 'A'.repeat(43) }
      const { agent, page, pending } = await askCode(server, homely, { email, parameters })
      await agent.submit(page, { code: await server.codeFor(email) })
      const again = await agent.open(wayOn(await agent.open(page.url)).href)
      const callback = await untilLeft(() => agent.submit(again))
      await expect(homely.exchange(callback, pending)).rejects.toMatchObject({
        cause: { error: 'invalid_grant' },
      })
    })

    it('O15: answers the application once, however many windows went on', async () => {
      const email = freshAddress()
      const { agent, page, pending } = await askCode(server, homely, { email })
      const first = await agent.submit(page, { code: await server.codeFor(email) })
      const second = await agent.open(wayOn(await agent.open(page.url)).href)
      const third = await agent.open(wayOn(await agent.open(page.url)).href)
      const answered = await untilLeft(() => agent.submit(second))
      for (const other of [first, third]) {
        const late = await agent.submit(other)
        expectEnded(server, late)
        expect(wayOn(late)).toEqual({ href: HOME, words: 'Continue to Table Ledger' })
      }
      expect((await homely.exchange(answered, pending)).claims()?.email).toBe(email)
    })

    it('O15: answers the application once, in two windows at the same instant', async () => {
      const email = freshAddress()
      const { agent, page } = await askCode(server, homely, { email })
      const first = await agent.submit(page, { code: await server.codeFor(email) })
      const second = await agent.open(wayOn(await agent.open(page.url)).href)
      const resumes = await Promise.all(
        [first, second].map(async (each) => {
          const answer = await agent.request(formsOf(each)[0]?.action ?? '', post(''))
          return answer.headers.get('location') ?? ''
        }),
      )
      expect((await untilLeft(() => agent.open(resumes[0] ?? ''))).searchParams.has('code')).toBe(
        true,
      )
      const late = await agent.open(resumes[1] ?? '')
      expect({ status: late.status, heading: wordsOf(late).heading }).toEqual({
        status: 400,
        heading: 'This sign-in has ended',
      })
      expect(wayOn(late)).toEqual({ href: HOME, words: 'Continue to Table Ledger' })
      expect(late.headers.get('location')).toBeNull()
    })

    it('finished already, leads to the application with the address it was begun with', async () => {
      const email = freshAddress()
      const { agent, page } = await askAddress(server, ledger, {
        parameters: { login_hint: email },
      })
      await finish(server, { agent, page: page, email })
      const back = await agent.open(page.url)
      expectEnded(server, back)
      expectInitiates(server, back, email)
      // What was posted before, posted once more: the back button, and "send again".
      for (const form of ['email', 'code', 'resend', 'other-address', 'cancel'])
        expectInitiates(server, await agent.open(formAt(page, form), post('')), email)
      const again = await agent.open(formAt(page, 'again'))
      expectEnded(server, again)
      expectInitiates(server, again, email)
    })

    it('cancelled, is answered: it is not asked again', async () => {
      const { agent, page } = await askAddress(server, ledger)
      const left = await untilLeft(() => agent.submit(page, {}, 1))
      expect(left.searchParams.get('error')).toBe('access_denied')
      expectInitiates(server, await agent.open(page.url))
      expectEnded(server, await agent.open(formAt(page, 'again')))
    })

    // Redis goes by its own clock, which no test moves.
    if (stores === 'embedded') {
      it('after more than an hour leads to the application', async () => {
        const { agent, page } = await askAddress(server, ledger)
        server.clock.forward(61 * MINUTE)
        const late = await agent.submit(page, { email: freshAddress() })
        expectEnded(server, late)
        expectInitiates(server, late)
        expectEnded(server, await agent.open(formAt(page, 'again')))
      })

      it('after more than a day, when nothing of it is kept, still does', async () => {
        const { agent, page } = await askAddress(server, ledger, {
          parameters: { ui_locales: 'de' },
        })
        server.clock.forward(2 * MINUTE * 60 * 24)
        expectInitiates(server, await agent.open(page.url))
      })
    }

    it('that is alive, is not asked again but shown', async () => {
      const { agent, page } = await askAddress(server, ledger)
      const again = await agent.open(formAt(page, 'again'))
      expect({ url: again.url, status: again.status }).toEqual({ url: page.url, status: 200 })
    })

    it('in which somebody else has signed in meanwhile, goes on and asks who one is', async () => {
      const email = freshAddress()
      const { agent, page } = await askCode(server, homely, { email })
      const permission = await agent.submit(page, { code: await server.codeFor(email) })
      await agent.submit(await agent.open('/oauth/logout'))
      const out = await agent.submit(permission)
      expectEnded(server, out, 'This page is out of date')
      const again = await agent.open(wayOn(out).href)
      expect(wordsOf(again).heading).toBe('Sign in')
      expect(
        (await finish(server, { agent, page: again, email })).searchParams.get('code'),
      ).toBeTruthy()
    })

    it('of a client that was disabled meanwhile, leads to the front page', async () => {
      const client = await server.register({ initiateLoginUri: INITIATE })
      const { agent, page } = await askAddress(server, await createRelyingParty(server, client))
      const clients = server.documents.collection(clientsCollection)
      await clients.updateOne({ _id: client.client_id }, { $set: { disabledAt: 1 } })
      server.clock.forward(5000)
      const gone = await agent.open(page.url)
      expectEnded(server, gone)
      expect(wayOn(gone)).toEqual({ href: `${server.baseUrl}/`, words: 'Continue to Casa Aurora' })
    })

    it('O15: re-enables nothing: what the client may no longer ask for is refused', async () => {
      const client = await server.register({ name: 'Table Ledger', homeUri: HOME })
      const party = await createRelyingParty(server, client)
      const email = freshAddress()
      const { agent, page } = await askCode(server, party, { email })
      await agent.submit(page, { code: await server.codeFor(email) })
      const old = await agent.open(page.url)
      const clients = server.documents.collection(clientsCollection)
      const redirectUris = ['https://elsewhere.example/callback']
      await clients.updateOne({ _id: client.client_id }, { $set: { redirectUris } })
      server.clock.forward(5000)
      const refused = await agent.open(wayOn(old).href)
      expect(refused.status).toBe(400)
      expect(refused.html).toContain('redirect_uri')
      expect(wayOn(refused)).toEqual({ href: HOME, words: 'Continue to Table Ledger' })
    })
  })

  it('E31: has a token that is worth nothing on the page of another', async () => {
    const agent = createUserAgent(server.baseUrl)
    const one = await askAddress(server, ledger, { agent })
    const two = await askAddress(server, homely, { agent })
    await finish(server, { agent, page: two.page })
    const crossed = new URL(two.page.url)
    crossed.searchParams.set('r', new URL(one.page.url).searchParams.get('r') ?? '')
    const page = await agent.open(crossed)
    expectEnded(server, page)
    expect(wayOn(page).href).toBe(`${server.baseUrl}/`)
    // Two of them in one browser: each finishes its own.
    const left = await finish(server, { agent, page: one.page })
    expect(left.searchParams.get('state')).toBe(one.pending.state)
  })

  it('was pushed (PAR), and is pushed again: nothing of it stands in an address', async () => {
    const client = await server.register({ name: 'Table Ledger' })
    const party = await createRelyingParty(server, client)
    const email = freshAddress()
    const pending = await party.authorize({ login_hint: email })
    const basic = Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64')
    const pushed = await fetch(`${server.baseUrl}/oauth/par`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: pending.url.searchParams,
    })
    const { request_uri } = (await pushed.json()) as { request_uri: string } // RFC 9126, 2.2
    const query = new URLSearchParams({ client_id: client.client_id, request_uri })
    const agent = createUserAgent(server.baseUrl)
    const page = await agent.open(`/oauth/authorize?${query}`)
    const code = await agent.submit(page, { email })
    await agent.submit(code, { code: await server.codeFor(email) })
    const old = await agent.open(page.url)
    const hop = await agent.request(wayOn(old).href)
    expect(hop.status).toBe(303)
    const location = new URL(hop.headers.get('location') ?? '')
    expect([...location.searchParams.keys()]).toEqual(['client_id', 'request_uri'])
    const again = await agent.open(location)
    const callback = await untilLeft(() => agent.submit(again))
    expect((await party.exchange(callback, pending)).claims()?.email).toBe(email)
  })
})
