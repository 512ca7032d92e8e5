// The pages at the ends: signing out, errors, and the language that all pages speak.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { landing, linkOf, visitorOf } from '../support/handoff.ts'
import { createRelyingParty, type RelyingParty, untilLeft } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { askAddress, askCode, freshAddress, wordsOf } from '../support/sign-in-pages.ts'
import { createUserAgent, formsOf, type Page, type UserAgent } from '../support/user-agent.ts'

let server: TestServer
let party: RelyingParty

beforeAll(async () => {
  server = await startServer()
  party = await createRelyingParty(server, await server.register({ firstParty: true }))
})
afterAll(() => server.stop())

/** A browser in which somebody is signed in. */
async function signedIn(): Promise<UserAgent> {
  const email = freshAddress()
  const { agent, page } = await askCode(server, party, { email })
  const code = await server.codeFor(email)
  await untilLeft(() => agent.submit(page, { code }))
  return agent
}

const headingOf = (page: Page): string => wordsOf(page).heading

describe('signing out', () => {
  it('is asked about, and then ends the session of this browser', async () => {
    const agent = await signedIn()
    const question = await agent.open('/oauth/logout')
    expect(headingOf(question)).toBe('Sign out?')
    expect(headingOf(await agent.submit(question))).toBe('You are signed out')
    expect(headingOf(await agent.open((await party.authorize()).url))).toBe('Sign in')
  })

  it('can be declined, and says then that one is still signed in', async () => {
    const agent = await signedIn()
    const question = await agent.open('/oauth/logout')
    expect(headingOf(await agent.submit(question, {}, 1))).toBe('You are still signed in')
    const left = await untilLeft(async () => agent.open((await party.authorize()).url))
    expect(left.searchParams.has('code')).toBe(true)
  })

  it('R10: is not done by a form without its token', async () => {
    const agent = await signedIn()
    const question = await agent.open('/oauth/logout')
    const forged = await agent.open(formsOf(question)[0]?.action ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'logout=yes&xsrf=guessed',
    })
    expect(forged.status).toBe(400)
    const left = await untilLeft(async () => agent.open((await party.authorize()).url))
    expect(left.searchParams.has('code')).toBe(true)
  })
})

describe('the front page', () => {
  it('is there to be read, and takes nothing', async () => {
    const statusOf = async (method: string) => (await fetch(server.baseUrl, { method })).status
    expect([await statusOf('GET'), await statusOf('HEAD'), await statusOf('POST')]).toEqual([
      200, 200, 404,
    ])
  })
})

describe('the page of the account, in development', () => {
  it('says who is signed in, to what and where, and to nobody where to', async () => {
    const known = await (await signedIn()).open('/demo/account')
    expect(known.html).toMatch(/guest-\d+@example\.org/)
    expect(known.html).toContain('Signed in to</dt><dd>Test application</dd>')
    expect(known.html).toContain('<span>this browser</span>')
    const unknown = await createUserAgent(server.baseUrl).open('/demo/account')
    expect(unknown).toMatchObject({ status: 200 })
    expect(unknown.html).toContain('href="/demo/"')
    expect(unknown.html).not.toContain('@example')
  })
})

describe('an error', () => {
  it('of the application leads back to it, and shows what its developer needs', async () => {
    const client = await server.register({
      name: 'Table Ledger',
      homeUri: 'https://ledger.example',
    })
    const other = await createRelyingParty(server, client)
    const { url } = await other.authorize({ redirect_uri: 'https://evil.test/' })
    const page = await createUserAgent(server.baseUrl).open(url)
    expect(page.status).toBe(400)
    expect(page.html).toContain('href="https://ledger.example"')
    expect(page.html).toContain('Continue to Table Ledger')
    expect(page.html).toContain('invalid_redirect_uri')
    expect(page.html).not.toContain('evil.test')
  })

  it.each(['/nowhere', '/oauth/authorize?client_id=nobody'])(
    'at %s shows a support code that finds its log line',
    async (path) => {
      const page = await createUserAgent(server.baseUrl).open(path)
      const supportCode = /Support code<\/dt><dd[^>]*><bdi[^>]*>([\w-]+)/.exec(page.html)?.[1]
      expect(server.log.lines.some((line) => line.includes(String(supportCode)))).toBe(true)
    },
  )

  it('is told in JSON to programs that ask for it', async () => {
    const response = await fetch(`${server.baseUrl}/nowhere`, {
      headers: { accept: 'application/json' },
    })
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ error: 'not_found' })
  })
})

describe('the language', () => {
  const languageOf = ({ html }: Page): string | undefined => /<html lang="(\w+)"/.exec(html)?.[1]
  const inBrowserOf = (language: string): RequestInit => ({
    headers: { 'accept-language': language },
  })

  /** By the link that the page has for it. */
  const inLanguage = (agent: UserAgent, { html, url }: Page, language: string): Promise<Page> => {
    const [, href = ''] = new RegExp(`<a href="([^"]*)" lang="${language}"`).exec(html) ?? []
    return agent.open(new URL(href.replaceAll('&amp;', '&'), url))
  }

  it('is the browser’s, if we speak it, else the house’s', async () => {
    const open = async (language: string) =>
      languageOf(await createUserAgent(server.baseUrl).open('/nowhere', inBrowserOf(language)))
    expect(await open('de-AT,de;q=0.9,en;q=0.5')).toBe('de')
    expect(await open('fr,ar;q=0.5')).toBe('ar')
    expect(await open('tlh')).toBe(server.organisation.locale)
  })

  it('is the one that the application asked for, over the browser’s', async () => {
    const { page } = await askAddress(server, party, { parameters: { ui_locales: 'xx de en' } })
    expect(languageOf(page)).toBe('de')
    expect(page.html).toContain('Anmelden')
    const url = new URL((await party.authorize({ ui_locales: 'ar', client_id: 'nobody' })).url)
    const error = await createUserAgent(server.baseUrl).open(url)
    expect(error.html).toContain('<html lang="ar" dir="rtl"')
  })

  it('is the one that was chosen, over all others, on every page from then on and in the mail', async () => {
    const email = freshAddress()
    const { agent, page } = await askAddress(server, party, { parameters: { ui_locales: 'en' } })
    const german = await inLanguage(agent, page, 'de')
    expect({ language: languageOf(german), url: german.url }).toEqual({
      language: 'de',
      url: page.url,
    })
    expect(languageOf(await agent.submit(german, { email }))).toBe('de')
    expect((await server.mails(email))[0]?.subject).toContain('Ihr Code')
    const later = await askAddress(server, party, { agent, parameters: { ui_locales: 'en' } })
    expect(languageOf(later.page)).toBe('de')
    expect(languageOf(await agent.open('/oauth/authorize?client_id=nobody'))).toBe('de')
  })

  it('is kept for a year, for the pages of its issuer, where no script reads it', async () => {
    const { baseUrl } = await server.addOrganisation('acme')
    for (const [issuer, path] of [
      [server.baseUrl, '/'],
      [baseUrl, '/o/acme'],
    ]) {
      const answer = await fetch(`${issuer}/sign-in/any?lang=de`, { redirect: 'manual' })
      const [cookie = '', ...more] = answer.headers.getSetCookie()
      expect(more).toEqual([])
      expect(cookie).toMatch(
        new RegExp(`^foyer_language=de; path=${path}; expires=[^;]+; samesite=lax; httponly$`),
      )
      const days = (Date.parse(/expires=([^;]+)/.exec(cookie)?.[1] ?? '') - Date.now()) / 864e5
      expect(Math.round(days)).toBe(365)
    }
  })

  it('can be switched on a page that says what was wrong', async () => {
    const { agent, page } = await askAddress(server, party)
    const refused = await agent.submit(page, { email: 'nobody' })
    const arabic = await inLanguage(agent, refused, 'ar')
    expect({ status: arabic.status, language: languageOf(arabic) }).toEqual({
      status: 200,
      language: 'ar',
    })
  })

  const by = { actor: 'test' }
  const addresses: [string, () => Promise<string> | string][] = [
    ['the account', () => '/demo/account'],
    [
      'a policy',
      async () => {
        const terms = { organisation: server.organisation._id, kind: 'terms' } as const
        const told = { texts: { en: 'Be kind.' }, needsAcceptance: false }
        await server.policies.publish(terms, told, by)
        return '/policies/terms'
      },
    ],
    [
      'an invitation',
      async () => {
        const who = { email: freshAddress(), role: 'viewer' }
        return (await server.invitations.invite(server.organisation._id, who, by)).link
      },
    ],
    ['a hand-off', async () => linkOf(server, (await visitorOf(server)).tokens.access_token)],
  ]
  it.each(addresses)(
    'can be switched on the page of %s, which stays the same',
    async (_name, make) => {
      const agent = createUserAgent(server.baseUrl)
      const page = await agent.open(await make())
      const german = await landing(agent, () => inLanguage(agent, page, 'de'))
      expect({ url: german.url, language: languageOf(german) }).toEqual({
        url: page.url,
        language: 'de',
      })
    },
  )

  it.each(['xx', '../../', '%0d%0aSet-Cookie:a=b', 'de&lang=ar'])(
    'chosen as %j, which is none, changes nothing',
    async (choice) => {
      const { agent, page } = await askAddress(server, party)
      const again = await agent.open(`${page.url}&lang=${choice}`)
      expect(languageOf(again)).toBe('en')
      expect(agent.cookies.map(({ name }) => name)).not.toContain('foyer_language')
    },
  )
})
