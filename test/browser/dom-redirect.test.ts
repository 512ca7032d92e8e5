// The browser library in a real Chromium, by way of the issuer's own pages: there, back, and what must not be taken for an answer.

import { describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { describeWithBrowser } from '../support/browser.ts'
import {
  emailOn,
  eventsOn,
  openClient,
  openTab,
  shopForTest,
  signInOn,
} from '../support/embedded-client.ts'
import { freshAddress } from '../support/sign-in-pages.ts'

describeWithBrowser('signing in by redirect', () => {
  const shop = shopForTest()

  type Redirect = { prompt?: 'none' | 'login'; loginHint?: string }

  /** The page has left, and is where the issuer led it; what the issuer was asked. */
  async function leave(page: Page, options: Redirect = {}): Promise<URLSearchParams> {
    const asked = page.waitForRequest(/oauth.authorize/)
    await page.evaluate((given) => void window.foyer.signInWithRedirect(given), options)
    const { searchParams } = new URL((await asked).url())
    await page.waitForURL((url) => url.origin !== shop.site.origin || url.search !== '')
    return searchParams
  }
  const isBack = (page: Page) => page.waitForURL((url) => url.origin === shop.site.origin)
  /** The client of the page that it came back to. */
  const reopen = (page: Page) =>
    openClient(page, { issuer: shop.server.baseUrl, clientId: shop.clientId })

  async function walk(page: Page, options: Redirect = {}): Promise<string> {
    const email = options.loginHint ?? freshAddress()
    await leave(page, options)
    if (!options.loginHint) await page.getByLabel('E-mail address').fill(email)
    await page.keyboard.press('Enter')
    await page.locator('#code:focus').waitFor()
    await page.keyboard.type(await shop.server.codeFor(email))
    await isBack(page)
    return email
  }

  it('asks in the person’s language, for the given address, and says INITIAL_SESSION once', async () => {
    const page = await openTab(shop, shop.context, { locale: 'de' })
    const asked = await leave(page, { loginHint: 'ana@example.com', prompt: 'login' })
    expect(Object.fromEntries(asked)).toMatchObject({
      ui_locales: 'de',
      login_hint: 'ana@example.com',
      prompt: 'login',
      code_challenge_method: 'S256',
      redirect_uri: `${shop.site.origin}/`,
    })
    expect(asked.get('scope')?.split(' ')).toContain('bookings:read')
    await page.goBack()
    const english = await openTab(shop, page, { locale: 'en' })
    const email = await walk(english)
    expect(await reopen(page)).toMatchObject({ user: { email } })
    expect(await eventsOn(page)).toEqual(['INITIAL_SESSION'])
    expect(await page.evaluate(() => window.foyer.profile.get())).toMatchObject({ email })
  })

  it('keeps what the page’s own address says, and nothing of the answer', async () => {
    const page = await openTab(shop, shop.context)
    await walk(page)
    const address = new URL(page.url())
    address.searchParams.set('campaign', 'spring')
    await page.evaluate(
      (href) => history.replaceState({ mine: 1 }, '', `${href}#part`),
      address.href,
    )
    await reopen(page)
    expect(page.url()).toBe(`${shop.site.origin}/?campaign=spring#part`)
    expect(await page.evaluate(() => history.state)).toEqual({ mine: 1 })
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0)
  })

  describe('with prompt=none', () => {
    it('gives null to who is signed in nowhere, without a page', async () => {
      const page = await openTab(shop, shop.context)
      await leave(page, { prompt: 'none' })
      await isBack(page)
      expect(await reopen(page)).toBe(null)
      expect(page.url()).toBe(`${shop.site.origin}/`)
    })

    it('signs in who is signed in at the issuer', async () => {
      const page = await openTab(shop, shop.context)
      const email = await signInOn(page, shop.server)
      const issuer = await shop.context.newPage()
      await issuer.goto(await page.evaluate(() => window.foyer.portalUrl()))
      await page.reload()
      await reopen(page)
      expect(await emailOn(page)).toBe(null) // kept in memory, and no tab has it
      await leave(page, { prompt: 'none' })
      await isBack(page)
      expect(await reopen(page)).toMatchObject({ user: { email } })
    })
  })

  describe('E09: an answer', () => {
    const answerAt = (query: object) =>
      `${shop.site.origin}/?${new URLSearchParams({ iss: shop.server.baseUrl, ...query })}`

    /** What initialize says to it, and what is left of it. */
    async function taken(page: Page) {
      const sent: string[] = []
      page.on('request', (request) => sent.push(new URL(request.url()).pathname))
      await page.waitForFunction(() => 'Foyer' in window)
      const code = await page.evaluate(
        (given) => {
          window.foyer = window.Foyer.createClient(given)
          window.events = []
          window.foyer.onAuthStateChange((event) => window.events.push(event))
          return window.foyer.initialize().then(
            (session) => session?.user.email,
            (error) => error.code,
          )
        },
        { issuer: shop.server.baseUrl, clientId: shop.clientId },
      )
      expect(sent).not.toContain('/oauth/token')
      expect(await emailOn(page)).toBe(null)
      expect(await eventsOn(page)).toEqual(['INITIAL_SESSION'])
      return { code, query: new URL(page.url()).search }
    }

    it('that nobody waits for is refused: of another browser, or the same again', async () => {
      const page = await shop.context.newPage()
      await page.goto(answerAt({ code: 'stolen', state: 'theirs' }))
      expect(await taken(page)).toEqual({ code: 'state_mismatch', query: '' })

      const own = await openTab(shop, await shop.browser.newPage())
      await walk(own)
      const answer = own.url()
      await reopen(own)
      await own.goto(answer)
      expect(await taken(own)).toEqual({ code: 'state_mismatch', query: '' })
      await own.close()
    })

    it('with another state, or of another issuer, is refused, and the right one after it as well', async () => {
      for (const change of [{ state: 'other' }, { iss: 'https://evil.example' }]) {
        const page = await openTab(shop, await shop.context.newPage())
        const state = (await leave(page)).get('state') ?? ''
        await page.goto(answerAt({ code: 'x', state, ...change }))
        expect(await taken(page)).toEqual({ code: 'state_mismatch', query: '' })
        await page.goto(answerAt({ code: 'x', state }))
        expect(await taken(page)).toEqual({ code: 'state_mismatch', query: '' })
      }
    })

    it('that was meant for another library of the page is left to that', async () => {
      const page = await openTab(shop, shop.context)
      await leave(page)
      const query = '?code=x&state=theirs'
      await page.goto(`${shop.site.origin}/${query}`)
      expect(await taken(page)).toEqual({ code: undefined, query })
    })

    it('that says no is told, in the issuer’s words', async () => {
      const page = await openTab(shop, shop.context)
      const state = (await leave(page)).get('state') ?? ''
      await page.goto(answerAt({ error: 'access_denied', error_description: '<b>', state }))
      expect(await taken(page)).toEqual({ code: 'access_denied', query: '' })
    })
  })

  it('does not fail at the start of a page because nobody answers', async () => {
    const page = await openTab(shop, shop.context)
    await walk(page)
    await page.route('**/oauth/token', (route) => route.abort())
    expect(await reopen(page)).toBe(null)
    expect(await eventsOn(page)).toEqual(['INITIAL_SESSION'])
  })
})
