// A sign-in that cannot go on, anywhere else: in another browser, with another token, or of nobody known.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  expectEnded,
  expectInitiates,
  finish,
  HOME,
  INITIATE,
  post,
  registerApplications,
  supportCodeOf,
  wayOn,
} from '../support/ended-pages.ts'
import { createRelyingParty, type RelyingParty, untilLeft } from '../support/relying-party.ts'
import { type OtherOrganisation, startServer, type TestServer } from '../support/server.ts'
import {
  askAddress,
  askCode,
  freshAddress,
  roomyLimits,
  wordsOf,
} from '../support/sign-in-pages.ts'
import { describeOnAllStores } from '../support/stores.ts'
import { createUserAgent, formAt, formsOf, type UserAgent } from '../support/user-agent.ts'

describeOnAllStores('a sign-in that cannot go on', (start) => {
  let server: TestServer
  let ledger: RelyingParty
  let homely: RelyingParty
  let bare: RelyingParty

  beforeAll(async () => {
    server = await start()
    await server.changeSignIn(roomyLimits)
    ;({ ledger, homely, bare } = await registerApplications(server))
  })
  afterAll(() => server.stop())

  const strangers = (): UserAgent => createUserAgent(server.baseUrl)

  describe('in another browser, or with its cookies cleared', () => {
    it.each(['page', 'again', 'email', 'code', 'permission', 'cancel'])(
      'O17: at its %s leads to the application, not on with what somebody else began',
      async (at) => {
        const email = freshAddress()
        const { page, agent } = await askAddress(server, ledger, {
          parameters: { login_hint: email },
        })
        const address = at === 'page' ? page.url : formAt(page, at)
        const isForm = !['page', 'again'].includes(at)
        const foreign = await strangers().open(address, isForm ? post('') : {})
        expectEnded(server, foreign)
        expectInitiates(server, foreign) // without the address that was typed elsewhere
        expect(foreign.html).not.toContain(email)
        // And nothing happened to whoever began it.
        expect(
          (await finish(server, { agent, page: page, email })).searchParams.get('code'),
        ).toBeTruthy()
      },
    )

    it('E20: read twice by a scanner, page and way on, is used up by nothing', async () => {
      const email = freshAddress()
      const { page, agent } = await askCode(server, ledger, { email })
      const scanner = strangers()
      for (const method of ['GET', 'HEAD', 'GET', 'HEAD'])
        for (const address of [page.url, formAt(page, 'again'), formAt(page, 'code')])
          expect((await scanner.request(address, { method })).headers.getSetCookie()).toEqual([])
      const code = await server.codeFor(email)
      const left = await untilLeft(() => agent.submit(page, { code }))
      expect(left.searchParams.has('code')).toBe(true)
    })

    it.each([
      ['a home page only', () => homely, HOME, 'Continue to Table Ledger'],
      ['no page of its own', () => bare, '/', 'Continue to Casa Aurora'],
    ])(
      'of an application with %s, leads there or to the front page',
      async (_name, party, to, words) => {
        const { page } = await askAddress(server, party())
        const foreign = await strangers().open(page.url)
        expectEnded(server, foreign)
        expect(wayOn(foreign)).toEqual({ href: new URL(to, server.baseUrl).href, words })
      },
    )

    it('speaks the language that the application asked for', async () => {
      const { page } = await askAddress(server, ledger, { parameters: { ui_locales: 'de' } })
      const foreign = await strangers().open(page.url)
      expect(foreign.html).toContain('<html lang="de"')
      expect(wayOn(foreign).words).toBe('Weiter zu Table Ledger')
      const agent = strangers()
      const link = /href="([^"]*lang=ar[^"]*)"/.exec(foreign.html)?.[1]?.replaceAll('&amp;', '&')
      const arabic = await agent.open(new URL(link ?? '', page.url))
      expect(arabic.html).toContain('<html lang="ar"')
      expect(wayOn(arabic).words).toBe('المتابعة إلى Table Ledger')
    })

    it('O17: finished by the address after the code, answers nobody', async () => {
      const email = freshAddress()
      const { agent, page } = await askCode(server, ledger, { email })
      const answer = await agent.request(
        formsOf(page)[0]?.action ?? '',
        post(`code=${await server.codeFor(email)}`),
      )
      const resume = answer.headers.get('location') ?? ''
      expect(new URL(resume).searchParams.get('r')).toBeTruthy()
      const foreign = await strangers().open(resume)
      expect({ status: foreign.status, heading: wordsOf(foreign).heading }).toEqual({
        status: 400,
        heading: 'This sign-in has ended',
      })
      expectInitiates(server, foreign)
      const bare = await strangers().open(resume.replace(/\?.*/, ''))
      expect(bare.status).toBe(400)
      expect(wayOn(bare).href).toBe(`${server.baseUrl}/`)
      expect((await untilLeft(() => agent.open(resume))).searchParams.has('code')).toBe(true)
      // Once more, as the back button does it.
      expectInitiates(server, await agent.open(resume))
    })
  })
})

describe('a restart token', () => {
  let server: TestServer
  let party: RelyingParty
  beforeAll(async () => {
    server = await startServer()
    await server.changeSignIn(roomyLimits)
    const client = await server.register({ firstParty: true, initiateLoginUri: INITIATE })
    party = await createRelyingParty(server, client)
  })
  afterAll(() => server.stop())

  const open = (uid: string, token: string, form = '') =>
    createUserAgent(server.baseUrl).open(`/sign-in/${uid}${form}?r=${encodeURIComponent(token)}`)

  it('that is forged, cut, stretched, transplanted or a list, is a page with a way on', async () => {
    const { page } = await askAddress(server, party)
    const url = new URL(page.url)
    const uid = url.pathname.split('/').at(-1) ?? ''
    const token = url.searchParams.get('r') ?? ''
    const [id = '', mac = '', client = ''] = token.split('.')
    const tokens = [
      '',
      '..',
      token.slice(1),
      token.slice(0, -1),
      `${token}x`,
      `${id}.${mac}`,
      `${id}.${mac}.demo`,
      `${id}..${client}`,
      `${'A'.repeat(22)}.${mac}.${client}`,
      `${id}.${'A'.repeat(22)}.${client}`,
      `${id}.${mac}.${client}.${client}`,
      `${mac}.${id}.${client}`,
      token.toUpperCase(),
      'a'.repeat(5000),
    ]
    for (const each of tokens) {
      const answer = await open(uid, each)
      expect({ each, status: answer.status, href: wayOn(answer).href }).toEqual({
        each,
        status: 410,
        href: `${server.baseUrl}/`,
      })
    }
    const twice = await createUserAgent(server.baseUrl).open(`${page.url}&r=${token}`)
    expect(twice.status).toBe(410)
    expect(wayOn(await open('made-up', token)).href).toBe(`${server.baseUrl}/`)
    // Of all of them the one that was made for this page is taken.
    expect(wayOn(await open(uid, token)).href).toContain('https://ledger.example/sign-in')
  })

  it('O31: and any text in its place, ends on a page, in no case in a fault', async () => {
    const { page, agent } = await askAddress(server, party)
    const path = new URL(page.url).pathname
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.webQueryParameters(),
          fc.constant('<img src=x>'),
        ),
        fc.constantFrom('', '/again', '/code'),
        async (token, form) => {
          const address = `${path}${form}?r=${encodeURIComponent(token.toWellFormed())}`
          const answer = await createUserAgent(server.baseUrl).request(address)
          expect([303, 400, 410]).toContain(answer.status)
          const html = await answer.text()
          expect(html).not.toContain('<img')
          // Who began it goes on whatever stands there.
          if (form === '' && answer.status === 410)
            expect((await agent.open(address)).status).toBe(200)
        },
      ),
      { numRuns: 60 },
    )
    expect(server.log.lines.filter((line) => /failed|threw/.test(line))).toEqual([])
  })
})

describe('a page that ends something', () => {
  it('O31: escapes names, and passes an address on without reading it', async () => {
    const server = await startServer()
    const markup = '"><img src=x onerror=alert(1)>'
    const client = await server.register({ name: markup, initiateLoginUri: INITIATE })
    const party = await createRelyingParty(server, client)
    const parameters = { login_hint: `${markup}&iss=https://evil.test`, ui_locales: markup }
    const { agent, page } = await askAddress(server, party, { parameters })
    await untilLeft(() => agent.submit(page, {}, 1))
    for (const browser of [agent, createUserAgent(server.baseUrl)]) {
      const ended = await browser.open(page.url)
      expect(ended.html).not.toContain('<img')
      const { href, words } = wayOn(ended)
      expect(words).toContain('&lt;img')
      const query = new URL(href).searchParams
      expect(query.getAll('iss')).toEqual([server.baseUrl])
      expect(query.get('login_hint')).toBe(browser === agent ? parameters.login_hint : null)
    }
    await server.stop()
  })
})

describe('a sign-in of another organisation', () => {
  let server: TestServer
  let acme: OtherOrganisation
  let party: RelyingParty
  beforeAll(async () => {
    server = await startServer()
    acme = await server.addOrganisation('acme')
    const pages = { initiateLoginUri: INITIATE, homeUri: HOME }
    party = await createRelyingParty(acme, await acme.register({ name: 'Acme Tables', ...pages }))
  })
  afterAll(() => server.stop())

  it('goes on under its own path, and leads to its own application as its own issuer', async () => {
    const agent = createUserAgent(server.baseUrl)
    const email = freshAddress()
    const { url, state } = await party.authorize()
    const page = await agent.open(url)
    const code = await agent.submit(page, { email })
    const permission = await agent.submit(code, { code: await acme.codeFor(email) })
    const old = await agent.open(page.url)
    expect(new URL(wayOn(old).href).pathname).toMatch(/^\/o\/acme\/sign-in\/[^/]+\/again$/)
    const again = await agent.open(wayOn(old).href)
    expect(wordsOf(again).heading).toBe(wordsOf(permission).heading)
    const left = await untilLeft(() => agent.submit(again))
    expect(left.searchParams.get('state')).toBe(state)
    const { href } = wayOn(await agent.open(page.url))
    expect(new URL(href).searchParams.get('iss')).toBe(acme.baseUrl)
  })

  it('M06: opened under another issuer is a page of that one, and says nothing of the first', async () => {
    const agent = createUserAgent(server.baseUrl)
    const page = await agent.open((await party.authorize()).url)
    const { pathname, search } = new URL(page.url)
    const foreign = await agent.open(`${pathname.replace('/o/acme', '')}${search}`)
    expectEnded(server, foreign)
    expect(wayOn(foreign).href).toBe(`${server.baseUrl}/`)
    expect(foreign.html).not.toMatch(/acme|ledger/i)
    const own = await createRelyingParty(server, await server.register({ homeUri: HOME }))
    const its = new URL((await askAddress(server, own)).page.url)
    const there = await agent.open(`/o/acme${its.pathname}${its.search}`)
    expect(there.status).toBe(410)
    expect(there.html).toContain('The acme')
    expect(there.html).not.toMatch(/casa aurora|test application|ledger/i)
    const front = await agent.open(wayOn(there).href)
    expect({ url: front.url, heading: wordsOf(front).heading }).toEqual({
      url: `${server.baseUrl}/o/acme/`,
      heading: 'Welcome',
    })
  })
})

describe('an error of an application', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())

  it('that is known leads to it, one that is not to the front page, which says where one is', async () => {
    const client = await server.register({ name: 'Table Ledger', initiateLoginUri: INITIATE })
    const party = await createRelyingParty(server, client)
    const agent = createUserAgent(server.baseUrl)
    const { url } = await party.authorize({ redirect_uri: 'https://evil.test/' })
    const known = await agent.open(url)
    expect(known.status).toBe(400)
    expect(new URL(wayOn(known).href).origin).toBe('https://ledger.example')
    const unknown = await agent.open('/oauth/authorize?client_id=nobody')
    expect(unknown.status).toBe(400)
    const front = await agent.open(wayOn(unknown).href)
    expect(front.status).toBe(200)
    expect(front.html).toContain(server.organisation.name)
  })

  it.each([
    '/nowhere',
    '/sign-in',
    '/sign-in/',
    '/oauth/nowhere',
    '/oauth/authorize/made-up',
    '/x/oauth/handoff/made-up',
  ])('at %s has a way on, and a support code that finds its log lines', async (path) => {
    const page = await createUserAgent(server.baseUrl).open(path)
    expect([400, 404]).toContain(page.status)
    expect(wayOn(page)).toEqual({ href: `${server.baseUrl}/`, words: 'Continue to Casa Aurora' })
    const code = supportCodeOf(page)
    expect(code).toMatch(/^[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}$/)
    const lines = server.log.lines.filter((line) => line.includes(code))
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.every((line) => line.includes(`"request":"${code}"`))).toBe(true)
  })
})
