// The browser library with tokens that are bound to a key (RFC 9449): everything goes as without, and nothing without the key.

import { describe, expect, it } from '@jest/globals'
import { decodeJwt } from 'jose'
import type { BrowserContext, Page } from 'playwright-core'
import { describeWithBrowser } from '../support/browser.ts'
import {
  emailOn,
  heard,
  openClient,
  openTab,
  shopForTest,
  signInOn,
} from '../support/embedded-client.ts'
import { nextCode } from '../support/embedded-elements.ts'

describeWithBrowser('a client whose tokens are bound to a key', () => {
  const shop = shopForTest()

  type Storage = 'memory' | 'session' | 'local'
  const open = (storage: Storage, where: BrowserContext | Page = shop.context): Promise<Page> =>
    openTab(shop, where, { storage, isBound: true })

  /** The thumbprint of the key that the access token is bound to. */
  async function keyOf(page: Page): Promise<unknown> {
    const token = await page.evaluate(() => window.foyer.getAccessToken())
    return decodeJwt<{ cnf?: { jkt: string } }>(token ?? '').cnf?.jkt
  }
  const namedByApi = (page: Page) =>
    page.evaluate(async () => (await window.foyer.profile.get()).email)

  describe.each(['memory', 'session', 'local'] as const)('kept in %s', (storage) => {
    it('calls, refreshes, reloads and is handed on, with the one key', async () => {
      const page = await open(storage)
      const email = await signInOn(page, shop.server)
      const key = await keyOf(page)
      expect(key).toMatch(/^[\w-]{43}$/)
      expect(await namedByApi(page)).toBe(email)
      await page.evaluate(() => window.foyer.refresh())
      if (storage !== 'memory') await open(storage, page)
      expect([await namedByApi(page), await keyOf(page)]).toEqual([email, key])

      const portal = await shop.context.newPage()
      await portal.goto(await page.evaluate(() => window.foyer.portalUrl()))
      await portal.waitForURL(`${shop.server.baseUrl}/demo/account`)
      await portal.getByText(email).waitFor()
    })

    it('is one in several tabs, each of which can use the key', async () => {
      const first = await open(storage)
      const email = await signInOn(first, shop.server)
      const second = await open(storage)
      expect([await emailOn(second), await namedByApi(second)]).toEqual([email, email])
      await second.evaluate(() => window.foyer.refresh())
      await heard(first, 'TOKEN_REFRESHED', 1000)
      expect([await namedByApi(first), await keyOf(first)]).toEqual([email, await keyOf(second)])
      await second.close()
      await first.evaluate(() => window.foyer.refresh())
      expect(await namedByApi(first)).toBe(email)
    })

    it('leaves no key when somebody signs out, and takes another one for whoever comes next', async () => {
      const [first, second] = [await open(storage), await open(storage)]
      await signInOn(first, shop.server)
      await heard(second, 'SIGNED_IN', 1000)
      const key = await keyOf(first)
      await second.evaluate(() => window.foyer.signOut())
      await heard(first, 'SIGNED_OUT', 1000)
      const email = await signInOn(first, shop.server)
      expect(await namedByApi(first)).toBe(email)
      expect(await keyOf(first)).not.toBe(key)
      await second.close()
      await first.evaluate(() => window.foyer.signOut())
      expect(await first.evaluate(() => indexedDB.databases())).toEqual([])
    })
  })

  it('binds what a redirect brings, too', async () => {
    const page = await open('session')
    await page.evaluate(() => void window.foyer.signInWithRedirect())
    await page.getByLabel('E-mail address').fill('redirected@example.org')
    await page.keyboard.press('Enter')
    await page.locator('#code:focus').waitFor()
    await page.keyboard.type(await shop.server.codeFor('redirected@example.org'))
    await page.waitForURL(/state=/)
    const { server, clientId } = shop
    const options = { storage: 'session', isBound: true } as const
    await openClient(page, { issuer: server.baseUrl, clientId, ...options })
    expect(await namedByApi(page)).toBe('redirected@example.org')
    expect(await keyOf(page)).toMatch(/^[\w-]{43}$/)
  })

  it('hears of a sign-out elsewhere', async () => {
    const [here, elsewhere] = [
      await open('local'),
      await (await shop.browser.newContext()).newPage(),
    ]
    await open('memory', elsewhere)
    const email = await signInOn(here, shop.server)
    const former = await shop.server.codeFor(email)
    await elsewhere.evaluate((address) => window.foyer.sendCode(address), email)
    const code = await nextCode(shop.server, email, former)
    await elsewhere.evaluate((typed) => window.foyer.verifyCode(typed), code)
    await elsewhere.evaluate(() => window.foyer.signOut({ everywhere: true }))
    await heard(here, 'SIGNED_OUT', 5000)
    await elsewhere.context().close()
  })
})
