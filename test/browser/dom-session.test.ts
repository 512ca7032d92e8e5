// The browser library in a real Chromium, on a page of another site than the issuer: signing in, staying so, signing out.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { describeWithBrowser, startBrowser } from '../support/browser.ts'
import { heard, openClient, registerShop, signInOn } from '../support/embedded-client.ts'
import { type EmbeddingSite, startEmbeddingSite } from '../support/embedding-site.ts'
import { startServer, type TestServer } from '../support/server.ts'

describeWithBrowser('the browser library', () => {
  let server: TestServer
  let site: EmbeddingSite
  let browser: Browser
  let clientId: string
  let context: BrowserContext

  beforeAll(async () => {
    server = await startServer()
    site = await startEmbeddingSite({ issuer: server.baseUrl })
    clientId = await registerShop(server, site)
    browser = await startBrowser()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await site?.stop()
    await server?.stop()
  })
  beforeEach(async () => {
    context = await browser.newContext()
  })
  afterEach(() => context.close())

  type Storage = 'memory' | 'session' | 'local'

  async function open(storage: Storage = 'memory', page?: Page): Promise<Page> {
    const tab = page ?? (await context.newPage())
    await tab.goto(site.origin)
    await openClient(tab, { issuer: server.baseUrl, clientId, storage })
    return tab
  }

  const emailOn = (page: Page) => page.evaluate(() => window.foyer.getUser()?.email ?? null)

  describe('signing in', () => {
    it('takes two requests after the code is typed, and gives the session and its person', async () => {
      const page = await open()
      expect(await page.evaluate(() => window.foyer.isAuthenticated())).toBe(false)
      const sent = await page.evaluate(() => window.foyer.sendCode('ana@example.com'))
      expect(sent).toMatchObject({ email: 'ana@example.com', length: 6 })
      const requests: string[] = []
      page.on('request', (request) => {
        if (request.method() === 'POST') requests.push(new URL(request.url()).pathname)
      })
      const code = await server.codeFor('ana@example.com')
      const session = await page.evaluate((typed) => window.foyer.verifyCode(typed), code)
      expect(requests).toEqual(['/oauth/challenge', '/oauth/token'])
      expect(session.user).toMatchObject({ email: 'ana@example.com', email_verified: true })
      expect(session.scope.split(' ')).toContain('openid')
      expect(await page.evaluate(() => window.events)).toEqual(['INITIAL_SESSION', 'SIGNED_IN'])
    })

    it('says what was wrong with a code, and goes on with the right one', async () => {
      const page = await open()
      await page.evaluate(() => window.foyer.sendCode('wrong@example.com'))
      const right = await server.codeFor('wrong@example.com')
      const wrong = right === '000000' ? '000001' : '000000'
      const error = await page.evaluate(
        (typed) =>
          window.foyer
            .verifyCode(typed)
            .catch(({ code, status, attemptsLeft }) => ({ code, status, attemptsLeft })),
        wrong,
      )
      expect(error).toEqual({ code: 'otp_invalid', status: 400, attemptsLeft: 4 })
      await page.evaluate((typed) => window.foyer.verifyCode(typed), right)
      expect(await emailOn(page)).toBe('wrong@example.com')
    })
  })

  describe('a reload', () => {
    it.each([
      ['memory', false],
      ['session', true],
      ['local', true],
    ] as const)('with storage %s: keeps the session? %s', async (storage, isKept) => {
      const page = await open(storage)
      const email = await signInOn(page, server)
      await open(storage, page)
      expect(await emailOn(page)).toBe(isKept ? email : null)
      expect(await page.evaluate(() => window.events)).toEqual(['INITIAL_SESSION'])
      expect(await page.evaluate(() => Object.keys(localStorage).length)).toBe(
        storage === 'local' ? 1 : 0,
      )
      expect(await page.evaluate(() => Object.keys(sessionStorage).length)).toBe(
        storage === 'session' ? 1 : 0,
      )
    })
  })

  describe('three tabs', () => {
    it.each(['memory', 'session', 'local'] as const)(
      'with storage %s: are one',
      async (storage) => {
        const first = await open(storage)
        const email = await signInOn(first, server)
        const second = await open(storage)
        const third = await open(storage)
        for (const page of [second, third]) expect(await emailOn(page)).toBe(email)

        await second.evaluate(() => window.foyer.refresh())
        for (const page of [first, third]) await heard(page, 'TOKEN_REFRESHED', 1000)
        const tokens = await Promise.all(
          [first, second, third].map((page) => page.evaluate(() => window.foyer.getAccessToken())),
        )
        expect(new Set(tokens).size).toBe(1)

        await third.evaluate(() => window.foyer.signOut())
        for (const page of [first, second]) await heard(page, 'SIGNED_OUT', 1000)
        expect(await emailOn(first)).toBe(null)
        expect(await first.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0)
      },
    )
  })

  it('calls the Client API, and tells what it refuses', async () => {
    const page = await open()
    const email = await signInOn(page, server)
    expect(await page.evaluate(() => window.foyer.profile.get())).toMatchObject({ email })
    const patch = { given_name: 'Ana' }
    expect(await page.evaluate((given) => window.foyer.profile.update(given), patch)).toMatchObject(
      patch,
    )
    expect(await page.evaluate(() => window.foyer.orders.list({ limit: 5 }))).toEqual({
      items: [],
      next_cursor: null,
    })
    const refusal = await page.evaluate(() =>
      window.foyer.profile
        .update({ nick: 'A' })
        .catch(({ name, code, status, requestId }) => ({ name, code, status, requestId })),
    )
    expect(refusal).toEqual({
      name: 'FoyerError',
      code: 'invalid_fields',
      status: 422,
      requestId: expect.stringMatching(/./),
    })
  })
})
