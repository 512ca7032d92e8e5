// What the browser is given to keep and how, and what every page forbids: over https, as behind a proxy.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '../support/eventually.ts'
import { type MailServer, startMailServer } from '../support/mail-server.ts'
import { createRelyingParty, type RelyingParty, untilLeft } from '../support/relying-party.ts'
import { type OtherOrganisation, startServer, type TestServer } from '../support/server.ts'
import { sendThrough } from '../support/server-process.ts'
import { freshAddress, roomyLimits, wordsOf } from '../support/sign-in-pages.ts'
import {
  createUserAgent,
  formsOf,
  type Page,
  type Send,
  type UserAgent,
} from '../support/user-agent.ts'

const ISSUER = 'https://id.example.org'
const SESSION = '__Host-foyer_session'

let mails: MailServer
let server: TestServer
let send: Send
let party: RelyingParty
let annex: Promise<OtherOrganisation> | undefined

beforeAll(async () => {
  mails = await startMailServer()
  server = await startServer({ env: { BASE_URL: ISSUER }, mailServer: mails })
  await server.changeSignIn(roomyLimits)
  send = sendThrough(server.config.port)
  const client = await server.register({ redirectUris: ['https://app.example.com/cb'] })
  party = await createRelyingParty(server, client, 'https://app.example.com/cb', send)
})
afterAll(async () => {
  await server.stop()
  await mails.stop()
})

type Seen = { cookies: string[]; pages: Page[]; statuses: number[] }

/** A browser that remembers every answer it got. */
function watchingBrowser(): { agent: UserAgent; seen: Seen } {
  const seen: Seen = { cookies: [], pages: [], statuses: [] }
  const agent = createUserAgent(ISSUER, async (url, init) => {
    const answer = await send(url, init)
    seen.cookies.push(...answer.headers.getSetCookie())
    if (init.method === 'POST') seen.statuses.push(answer.status)
    return answer
  })
  return { agent, seen }
}

/** A whole sign-in with permission and sign-out. */
async function walk({ agent, seen }: { agent: UserAgent; seen: Seen }): Promise<void> {
  const email = freshAddress()
  const keep = (page: Page): Page => {
    seen.pages.push(page)
    return page
  }
  const { url } = await party.authorize()
  let page = keep(await agent.open(url))
  page = keep(await agent.submit(page, { email }))
  page = keep(await agent.submit(page, { code: '000' }))
  page = keep(await agent.submit(page, { code: await server.codeFor(email) }))
  await untilLeft(() => agent.submit(page))
  for (const path of ['/nowhere', '/sign-in/made-up', '/oauth/authorize?client_id=nobody'])
    keep(await agent.open(path))
  const { url: posted } = await party.authorize({ response_mode: 'form_post' })
  keep(await agent.open(posted))
  page = keep(await agent.open('/oauth/logout'))
  keep(await agent.submit(page))
}

/** A relying party of an organisation that has no host of its own. */
async function partyBelow(): Promise<RelyingParty> {
  annex ??= server.addOrganisation('annex')
  const below = await annex
  const client = await below.register({ redirectUris: ['https://app.example.com/cb'] })
  return createRelyingParty(below, client, 'https://app.example.com/cb', send)
}

const idOf = ({ cookies }: UserAgent): string | undefined =>
  cookies.find(({ name }) => name === SESSION)?.value

describe('O26: a cookie', () => {
  let seen: Seen
  beforeAll(async () => {
    const browser = watchingBrowser()
    await walk(browser)
    seen = browser.seen
  })

  const attributes = (cookie: string): string[] =>
    cookie
      .split(';')
      .slice(1)
      .map((part) => part.trim().toLowerCase())
  const nameOf = (cookie: string): string => cookie.slice(0, cookie.indexOf('='))

  it('is sent over https only, to no script, to no other site’s form, and to no other host', () => {
    expect(seen.cookies.length).toBeGreaterThan(4)
    for (const cookie of seen.cookies) {
      const has = attributes(cookie)
      expect({ cookie, has }).toEqual({
        cookie,
        has: expect.arrayContaining(['secure', 'httponly', 'samesite=lax']),
      })
      expect(has.filter((each) => each.startsWith('domain'))).toEqual([])
    }
  })

  it('has the prefix that keeps other hosts from setting it, or belongs to one path', () => {
    for (const cookie of seen.cookies) {
      const path = attributes(cookie).find((each) => each.startsWith('path='))
      const name = nameOf(cookie)
      expect([name, path]).toEqual([
        name,
        name.startsWith('__Host-')
          ? 'path=/'
          : expect.stringMatching(/^path=\/(sign-in|oauth\/authorize)\/[\w-]{21,}$/),
      ])
      expect(name).toMatch(/^__(Host|Secure)-foyer_/)
    }
  })

  it.each([
    ['with a host to itself', () => party],
    ['below a path', partyBelow],
  ])(
    'E09: that a neighbouring host put there finishes no sign-in of an issuer %s',
    async (_name, at) => {
      const { agent: attacker } = watchingBrowser()
      const email = freshAddress()
      const page = await attacker.open((await (await at()).authorize()).url)
      const code = await attacker.submit(page, { email })
      const answer = await attacker.request(String(formsOf(code)[0]?.action), {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ code: await server.codeFor(email) }).toString(),
      })
      const resume = String(answer.headers.get('location'))
      expect(resume).toContain('/oauth/authorize/')

      // All that a host of the same site can set: whatever has no name that is kept for one host.
      const { agent: victim } = watchingBrowser()
      victim.cookies.push(...attacker.cookies.filter(({ name }) => !name.startsWith('__Host-')))
      expect(victim.cookies.length).toBeGreaterThan(3)
      for (const address of [page.url, code.url, resume])
        expect([400, 410]).toContain((await victim.open(address)).status)
      expect(idOf(victim)).toBeUndefined()
      // Where it began it goes on.
      expect(wordsOf(await attacker.open(resume)).heading).toContain('asks for access')
    },
  )

  it('O26: for each sign-in that begins stays within what a proxy takes, however many a page has begin', async () => {
    const { agent } = watchingBrowser()
    const pages: Page[] = []
    for (let count = 0; count < 40; count += 1)
      pages.push(await agent.open((await party.authorize()).url))
    const everywhere = agent.cookies.filter(({ path }) => path === '/')
    const sent = everywhere.map(({ name, value }) => `${name}=${value}`).join('; ')
    expect(sent.length).toBeLessThan(2048)
    // The latest go on; whoever left the first ones begins anew.
    const statusOf = async (page: Page | undefined): Promise<number> =>
      (await agent.open(String(page?.url))).status
    expect([await statusOf(pages.at(-1)), await statusOf(pages.at(-20))]).toEqual([200, 200])
    expect(await statusOf(pages[0])).toBe(410)
  })

  it('O26: of an organisation below a path can be set by no neighbouring host either', async () => {
    const { agent, seen: below } = watchingBrowser()
    const email = freshAddress()
    const page = await agent.submit(
      await agent.open((await (await partyBelow()).authorize()).url),
      {
        email,
      },
    )
    await agent.submit(page, { code: await server.codeFor(email) })
    const whole = below.cookies.filter((cookie) => !cookie.startsWith('__Secure-'))
    expect(whole.map(nameOf)).toContain('__Host-foyer_annex_session')
    for (const cookie of whole)
      expect([nameOf(cookie), attributes(cookie)]).toEqual([
        expect.stringMatching(/^__Host-foyer_(annex|own)_/),
        expect.arrayContaining(['path=/', 'secure', 'httponly', 'samesite=lax']),
      ])
    // The others belong to one page, and are worth nothing without one of these.
    const bound = below.cookies.filter((cookie) => cookie.startsWith('__Secure-'))
    for (const cookie of bound)
      expect(attributes(cookie)).toContainEqual(expect.stringMatching(/^path=\/o\/annex\/.+\/.+/))
  })

  it('of a session lives no longer than the session can', () => {
    const lives = seen.cookies
      .filter((cookie) => nameOf(cookie).startsWith(SESSION))
      .map((cookie) => Date.parse(/expires=([^;]+)/i.exec(cookie)?.[1] ?? ''))
      .map((expires) => (expires - Date.now()) / 86_400_000)
      .filter((days) => days > 0)
    expect(lives.length).toBeGreaterThan(0)
    for (const days of lives) expect(days).toBeLessThanOrEqual(90)
  })

  it('of a session that was handed on is the same, for as long as that session lives', async () => {
    const site = 'https://shop.example.com'
    const redirectUris = [`${site}/cb`]
    const client = await server.register({ kind: 'browser', firstParty: true, redirectUris })
    const shop = await createRelyingParty(server, client, `${site}/cb`, send)
    const pending = await shop.authorize()
    const { agent } = watchingBrowser()
    const email = freshAddress()
    const page = await agent.submit(await agent.open(pending.url), { email })
    const code = await server.codeFor(email)
    const left = await untilLeft(() => agent.submit(page, { code }))
    const { access_token } = await shop.exchange(left, pending)
    const headers = { authorization: `Bearer ${access_token}`, origin: site }
    const asked = await send(new URL(`${ISSUER}/oauth/handoff`), {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{}',
    })
    const { url } = (await asked.json()) as { url: string } // by contract
    const other = watchingBrowser()
    await other.agent.request(url, { method: 'POST' })
    expect(other.seen.cookies.map(nameOf)).toEqual([SESSION, `${SESSION}.sig`])
    for (const cookie of other.seen.cookies)
      expect(attributes(cookie)).toEqual([
        'path=/',
        expect.stringMatching(/^expires=/),
        'samesite=lax',
        'secure',
        'httponly',
      ])
    const { url: silent } = await shop.authorize({ prompt: 'none' })
    const callback = await untilLeft(() => other.agent.open(silent))
    expect(callback.searchParams.has('code')).toBe(true)
  })

  it('without its signature, or with another’s, is nobody’s', async () => {
    const [one, two] = [watchingBrowser(), watchingBrowser()]
    for (const { agent } of [one, two]) {
      const email = freshAddress()
      let page = await agent.open((await party.authorize()).url)
      page = await agent.submit(page, { email })
      await agent.submit(page, { code: await server.codeFor(email) })
    }
    const value = (agent: UserAgent, name: string) =>
      String(agent.cookies.find((cookie) => cookie.name === name)?.value)
    const isKnown = async (cookie: string): Promise<boolean> => {
      const { url } = await party.authorize({ prompt: 'none' })
      const { headers } = await send(url, { headers: { cookie } })
      return !String(headers.get('location')).includes('login_required')
    }
    const id = value(one.agent, SESSION)
    const signature = value(one.agent, `${SESSION}.sig`)
    const others = value(two.agent, `${SESSION}.sig`)
    expect(await isKnown(`${SESSION}=${id}; ${SESSION}.sig=${signature}`)).toBe(true)
    for (const cookie of [
      `${SESSION}=${id}`,
      `${SESSION}=${id}; ${SESSION}.sig=${others}`,
      `${SESSION}=${id}; ${SESSION}.sig=${signature.slice(0, -1)}`,
      `${SESSION}=${value(two.agent, SESSION)}; ${SESSION}.sig=${signature}`,
      `foyer_session=${id}; foyer_session.sig=${signature}`,
    ])
      expect([cookie.slice(0, 30), await isKnown(cookie)]).toEqual([cookie.slice(0, 30), false])
  })

  it('O27: and whatever was typed, is not sent again: every form is answered with 303 or a page', () => {
    expect(seen.statuses.length).toBeGreaterThan(4)
    for (const status of seen.statuses) expect([200, 303, 422]).toContain(status)
    expect(seen.statuses).toContain(303)
  })

  it('O24: comes with pages that run nothing of others, are framed by nobody, and tell no address', () => {
    expect(seen.pages).toHaveLength(10)
    for (const { url, headers, html } of seen.pages) {
      expect({ url, ...Object.fromEntries(headers) }).toMatchObject({
        url,
        'content-security-policy': expect.stringMatching(
          /default-src 'none'.*frame-ancestors 'none'/,
        ),
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'strict-transport-security': expect.stringMatching(/^max-age=\d{8}/),
        'cache-control': expect.stringContaining('no-store'),
      })
      expect(headers.get('content-security-policy')).not.toMatch(/unsafe|\*|https?:/)
      // What a page loads or links to elsewhere would learn its address, were it not for the policy.
      expect(html).not.toMatch(/(src|href)="(https?:)?\/\/(?!app\.example\.com)/)
    }
  })
})

describe('O25: a session that somebody planted before the sign-in', () => {
  /** Types address and code, and goes on until the browser leaves for the application. */
  async function signIn(agent: UserAgent, email: string, prompt = ''): Promise<void> {
    let page = await agent.open((await party.authorize(prompt ? { prompt } : {})).url)
    const before = mails.taken.length
    page = await agent.submit(page, { email })
    await eventually(async () => expect(mails.taken.length).toBeGreaterThan(before))
    await untilLeft(async () => {
      page = await agent.submit(page, { code: await server.codeFor(email) })
      for (;;) page = await agent.submit(page)
    })
  }

  it('has another id after it, and the planted one leads to nobody', async () => {
    const { agent: attacker } = watchingBrowser()
    await signIn(attacker, freshAddress())
    const planted = attacker.cookies.filter(({ name }) => name.startsWith(SESSION))
    expect(planted).toHaveLength(2)

    const { agent: victim } = watchingBrowser()
    victim.cookies.push(...planted.map((cookie) => ({ ...cookie })))
    await signIn(victim, freshAddress(), 'login')
    expect(idOf(victim)).toEqual(expect.any(String))
    for (const { name, value } of planted)
      expect(victim.cookies.find((cookie) => cookie.name === name)?.value).not.toBe(value)

    const { url } = await party.authorize({ prompt: 'none' })
    const left = await untilLeft(() => attacker.open(url))
    expect(left.searchParams.get('error')).toBe('login_required')
  })

  it('made up, is not taken up', async () => {
    const { agent } = watchingBrowser()
    agent.cookies.push(
      { name: SESSION, value: 'planted', path: '/' },
      { name: `${SESSION}.sig`, value: 'planted', path: '/' },
    )
    await signIn(agent, freshAddress())
    expect(idOf(agent)).toMatch(/^[\w-]{20,}$/)
  })

  it('is renewed by each sign-in, and keeps none of the ids it had', async () => {
    const { agent } = watchingBrowser()
    const ids = new Set<string | undefined>()
    const email = freshAddress()
    for (let times = 0; times < 3; times += 1) {
      await signIn(agent, email, 'login')
      ids.add(idOf(agent))
    }
    expect(ids.size).toBe(3)
  })
})
