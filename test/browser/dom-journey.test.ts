// What the browser library is for, in one journey: a shop on one site, the issuer on another, and no third-party cookies.

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { describeWithBrowser, startBrowser } from '../support/browser.ts'
import { heard, registerShop } from '../support/embedded-client.ts'
import {
  type EmbeddingPage,
  type EmbeddingSite,
  startEmbeddingSite,
  strictPolicy,
} from '../support/embedding-site.ts'
import { runProgram } from '../support/program.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { freshAddress, roomyLimits } from '../support/sign-in-pages.ts'
import { blockThirdPartyCookies, thirdPartyCookieOf } from '../support/third-party-cookies.ts'

/** What a business puts on its site, and what the tests hear of it. */
const shop = (issuer: string, clientId: string): EmbeddingPage => ({
  policy: strictPolicy(issuer).replace("script-src 'self'", `script-src 'self' ${issuer}`),
  document: `<!doctype html><html lang="en"><title>Shop</title>
    <meta name="viewport" content="width=device-width">
    <script src="/listen.js"></script>
    <script async src="${issuer}/dom/v1/foyer.js" data-issuer="${issuer}"
      data-client-id="${clientId}" data-storage="session"></script>
    <body><h1>Shop</h1><foyer-account></foyer-account><foyer-sign-in></foyer-sign-in></body></html>`,
})
const LISTEN = `
  window.events = []
  addEventListener('foyer-ready', ({ detail: { client } }) => {
    window.foyer = client
    client.onAuthStateChange((event) => window.events.push(event))
  })
`

/** How long a sign-out elsewhere may take to be known, in milliseconds. */
const KNOWN = 5000

describeWithBrowser('a shop on another site than its issuer', () => {
  let server: TestServer
  let site: EmbeddingSite
  let browser: Browser
  let context: BrowserContext
  let complaints: string[]

  beforeAll(async () => {
    expect(await runProgram('scripts/front-ends.js')).toMatchObject({ code: 0, stderr: '' })
    server = await startServer()
    await server.changeSignIn(roomyLimits)
    const pages: { [path: string]: EmbeddingPage } = {
      '/listen': { script: LISTEN },
      '/plain': { script: '', policy: null },
    }
    site = await startEmbeddingSite({ issuer: server.baseUrl, pages })
    pages['/'] = shop(server.baseUrl, await registerShop(server, site))
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await site?.stop()
    await server?.stop()
  })
  beforeEach(async () => {
    context = await browser.newContext()
    complaints = []
  })
  afterEach(async () => {
    await context.close()
    expect(complaints).toEqual([])
  })

  async function openTab({ blocks = true } = {}): Promise<Page> {
    const page = await context.newPage()
    page.on('pageerror', (error) => complaints.push(String(error)))
    if (blocks) await blockThirdPartyCookies(page)
    await page.goto(site.origin)
    await known(page)
    return page
  }

  /** Waits until the page knows who is signed in. */
  async function known(page: Page): Promise<void> {
    await page.waitForFunction(() => 'foyer' in window)
    await page.evaluate(() => window.foyer.initialize())
  }

  const emailOn = (page: Page) => page.evaluate(() => window.foyer.getUser()?.email ?? null)

  async function signIn(page: Page, email = freshAddress()): Promise<string> {
    await page.getByLabel('E-mail address').fill(email)
    await page.keyboard.press('Enter')
    await page.getByLabel('6-digit code').waitFor()
    await page.keyboard.type(await server.codeFor(email))
    await heard(page, 'SIGNED_IN')
    return email
  }

  it('is open in a browser that refuses the cookies of other sites', async () => {
    const [page, lax] = [await openTab(), await openTab({ blocks: false })]
    for (const each of [page, lax]) await each.goto(`${site.origin}/plain`)
    expect(await thirdPartyCookieOf(page)).toBeUndefined()
    // Where it does not, the same cookie is kept: it is the browser that refuses.
    expect(await thirdPartyCookieOf(lax)).toBe('third=party')
  })

  it('signs in with two requests after the code is typed', async () => {
    const page = await openTab()
    const email = freshAddress()
    await page.getByLabel('E-mail address').fill(email)
    await page.keyboard.press('Enter')
    await page.getByLabel('6-digit code').waitFor()
    const code = await server.codeFor(email)
    const requests: string[] = []
    page.on('request', (request) => requests.push(new URL(request.url()).pathname))
    await page.exposeFunction('signedIn', () => requests.push('signed in'))
    await page.evaluate(() =>
      addEventListener('foyer-signed-in', () => Reflect.get(window, 'signedIn')()),
    )
    await page.keyboard.type(code)
    await heard(page, 'SIGNED_IN')
    await page.locator('foyer-account').getByText(email).waitFor()
    const at = requests.indexOf('signed in')
    expect(requests.slice(0, at).sort()).toEqual(['/oauth/challenge', '/oauth/token'])
    expect(await context.cookies()).toEqual([])
  })

  it('stays signed in over a reload and a refresh, in three tabs, until one of them signs out', async () => {
    const first = await openTab()
    const email = await signIn(first)
    await first.reload()
    await known(first)
    expect(await emailOn(first)).toBe(email)

    const [second, third] = [await openTab(), await openTab()]
    expect([await emailOn(second), await emailOn(third)]).toEqual([email, email])
    await second.evaluate(() => window.foyer.refresh())
    for (const page of [first, third]) await heard(page, 'TOKEN_REFRESHED', 1000)

    await third.locator('foyer-account').getByText(email).click()
    await third.getByRole('button', { name: 'Sign out', exact: true }).click()
    for (const page of [first, second, third]) await heard(page, 'SIGNED_OUT', 1000)
    await first.getByLabel('E-mail address').waitFor()
    await first.reload()
    await known(first)
    expect(await emailOn(first)).toBeNull()
  })

  it('leads to the issuer, signed in without another code; who signs out there is signed out here', async () => {
    const [first, second] = [await openTab(), await openTab()]
    const email = await signIn(first)
    await heard(second, 'SIGNED_IN', 1000)

    const portal = await context.newPage()
    await portal.goto(await first.evaluate(() => window.foyer.portalUrl()))
    await portal.waitForURL(`${server.baseUrl}/demo/account`)
    await portal.getByText(email).waitFor()
    expect(await server.mails(email)).toHaveLength(1)

    await portal.goto(`${server.baseUrl}/oauth/logout`)
    await portal.getByRole('button', { name: 'Sign out' }).click()
    await portal.waitForURL(/success|logout/)
    for (const page of [first, second]) await heard(page, 'SIGNED_OUT', KNOWN)
    expect(await emailOn(first)).toBeNull()
    // Nothing of who was here is left for whoever comes next.
    expect(await first.getByLabel('E-mail address').inputValue()).toBe('')
    expect(await server.mails(email)).toHaveLength(1)
  })

  it('asks the issuer who is there, by a redirect that nobody sees, and is told nobody where it is so', async () => {
    const page = await openTab()
    const askIssuer = async (): Promise<string | null> => {
      const isBack = page.waitForURL(/state=/)
      await page.evaluate(() => void window.foyer.signInWithRedirect({ prompt: 'none' }))
      await isBack
      await known(page)
      return emailOn(page)
    }
    expect(await askIssuer()).toBeNull()

    const email = await signIn(page)
    const portal = await context.newPage()
    await portal.goto(await page.evaluate(() => window.foyer.portalUrl()))
    await portal.waitForURL(`${server.baseUrl}/demo/account`)
    await page.evaluate(() => sessionStorage.clear()) // as in another tab, on another day
    await page.reload()
    await known(page)
    expect(await emailOn(page)).toBeNull()
    expect(await askIssuer()).toBe(email)
    expect(await server.mails(email)).toHaveLength(1)
  })
})
