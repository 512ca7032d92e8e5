// The browser library in a real Chromium: fresh tokens in time, one refresh for all tabs, and nobody signed out by a bad network.

import { describe, expect, it } from '@jest/globals'
import type { Page, Route } from 'playwright-core'
import { documentModels } from '../../adapters/oidc/placement.ts'
import { describeWithBrowser, routeOnce } from '../support/browser.ts'
import {
  emailOn,
  eventsOn,
  heard,
  openTab,
  shopForTest,
  signInOn,
} from '../support/embedded-client.ts'

const TOKEN = '**/oauth/token'

describeWithBrowser('refreshing', () => {
  const shop = shopForTest()

  const tokenOn = (page: Page) => page.evaluate(() => window.foyer.getAccessToken())
  const refreshOn = (page: Page) => page.evaluate(() => window.foyer.refresh().then(Boolean))

  /** Requests for tokens that the page sends from now on. */
  function refreshesOf(page: Page): string[] {
    const sent: string[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('/oauth/token')) sent.push(request.postData() ?? '')
    })
    return sent
  }

  /** Refresh tokens of the account that would still be taken: each is the end of a chain. */
  async function livingChains(page: Page): Promise<number> {
    const sub = await page.evaluate(() => window.foyer.getUser()?.sub ?? '')
    const grants = await shop.server.documents
      .collection<{ _id: string; account: string }>(documentModels.Grant)
      .find({ account: sub }, { limit: 100 })
    const tokens = await shop.server.documents
      .collection<{ _id: string; grant: string; consumed?: number }>(documentModels.RefreshToken)
      .find({ grant: { $in: grants.map(({ _id }) => _id) } }, { limit: 1000 })
    return tokens.filter(({ consumed }) => consumed === undefined).length
  }

  describe('R03: two tabs at once, 100 times', () => {
    it.each(['memory', 'local'] as const)(
      'with storage %s: nobody is signed out, and one chain is left',
      async (storage) => {
        const first = await openTab(shop, shop.context, { storage })
        const email = await signInOn(first, shop.server)
        const second = await openTab(shop, shop.context, { storage })
        for (let turn = 0; turn < 100; turn += 1) {
          const outcomes = await Promise.all([refreshOn(first), refreshOn(second)])
          expect(outcomes).toEqual([true, true])
        }
        for (const page of [first, second]) {
          expect(await emailOn(page)).toBe(email)
          expect(await eventsOn(page)).not.toContain('SIGNED_OUT')
        }
        expect(await tokenOn(first)).toBe(await tokenOn(second))
        expect(await livingChains(first)).toBe(1)
      },
      60_000,
    )

    it('also where the browser has no locks', async () => {
      await shop.context.addInitScript(() => {
        Object.defineProperty(navigator, 'locks', { value: undefined })
      })
      const first = await openTab(shop, shop.context)
      await signInOn(first, shop.server)
      const second = await openTab(shop, shop.context)
      for (let turn = 0; turn < 20; turn += 1)
        await Promise.all([refreshOn(first), refreshOn(second)])
      for (const page of [first, second]) expect(await eventsOn(page)).not.toContain('SIGNED_OUT')
      expect(await livingChains(first)).toBe(1)
    })
  })

  it('R03: with tokens that have been replaced meanwhile, of a tab that was opened again, ends nothing', async () => {
    const first = await openTab(shop, shop.context, { storage: 'session' })
    const email = await signInOn(first, shop.server)
    const closed = await first.evaluate(() => ({ ...sessionStorage }))
    for (let turn = 0; turn < 2; turn += 1) await refreshOn(first)
    const again = await shop.context.newPage()
    await again.addInitScript((kept) => Object.assign(sessionStorage, kept), closed)
    await openTab(shop, again, { storage: 'session' })
    expect(await refreshOn(again)).toBe(true)
    expect(await tokenOn(again)).toBe(await tokenOn(first))
    for (const page of [first, again]) {
      expect(await refreshOn(page)).toBe(true)
      expect(await emailOn(page)).toBe(email)
    }
    expect(await livingChains(first)).toBe(1)
  })

  it('comes two minutes early, from one tab alone', async () => {
    await shop.context.clock.install()
    // As early as it gets, in both: 132 s before the end.
    await shop.context.addInitScript('Math.random = () => 0.9999')
    const first = await openTab(shop, shop.context)
    await signInOn(first, shop.server)
    const second = await openTab(shop, shop.context)
    const sent = [first, second].map(refreshesOf)
    const before = await tokenOn(first)
    await shop.context.clock.runFor((60 * 60 - 132 - 4) * 1000)
    expect(sent.flat()).toEqual([])
    // The last seconds pass by themselves.
    for (const page of [first, second]) await heard(page, 'TOKEN_REFRESHED')
    expect(sent.flat().length).toBe(1)
    expect(await tokenOn(second)).not.toBe(before)
  })

  it('happens on waking up, when the time has passed in sleep', async () => {
    await shop.context.clock.install()
    const page = await openTab(shop, shop.context)
    await signInOn(page, shop.server)
    await shop.context.clock.fastForward(5 * 3_600_000) // timers that were due fire once, as after sleep
    await heard(page, 'TOKEN_REFRESHED')
  })

  describe('on a bad network', () => {
    it('is tried once more, and then when it is needed; nobody is signed out', async () => {
      const page = await openTab(shop, shop.context)
      const email = await signInOn(page, shop.server)
      const sent = refreshesOf(page)
      await shop.context.setOffline(true)
      const error = await page.evaluate(() => window.foyer.refresh().catch(({ code }) => code))
      expect(error).toBe('network_error')
      expect(sent.length).toBe(2)
      expect(await emailOn(page)).toBe(email)
      expect(await tokenOn(page)).not.toBe(null) // still good for an hour
      await shop.context.setOffline(false)
      expect(await refreshOn(page)).toBe(true)
      expect(await eventsOn(page)).not.toContain('SIGNED_OUT')
    })

    it('survives a server that fails, and an answer that is lost', async () => {
      const page = await openTab(shop, shop.context)
      await signInOn(page, shop.server)
      await routeOnce(page, TOKEN, (route) => route.fulfill({ status: 503, body: 'no' }))
      expect(await refreshOn(page)).toBe(true)
      // It reached the issuer, which has replaced the token.
      const lose = async (route: Route): Promise<void> => {
        await route.fetch()
        await route.abort()
      }
      await routeOnce(page, TOKEN, lose)
      expect(await refreshOn(page)).toBe(true)
      expect(await eventsOn(page)).not.toContain('SIGNED_OUT')
      expect(await livingChains(page)).toBe(1)
    })

    it('keeps a stored session while a page is loaded without one', async () => {
      const page = await openTab(shop, shop.context, { storage: 'local' })
      const email = await signInOn(page, shop.server)
      await page.route(TOKEN, (route) => route.abort())
      await page.route('**/api/client/**', (route) => route.abort())
      await openTab(shop, page, { storage: 'local' })
      expect(await emailOn(page)).toBe(email)
    })
  })

  it('signs out when the issuer says that it is over', async () => {
    const page = await openTab(shop, shop.context, { storage: 'session' })
    await page.route('**/session/events', (route) => route.fulfill({ status: 404 }))
    await signInOn(page, shop.server)
    const tab = await openTab(shop, shop.context, { storage: 'session' })
    const token = await tokenOn(page)
    await fetch(`${shop.server.baseUrl}/api/client/v1/session`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
    })
    expect(await refreshOn(page)).toBe(false)
    for (const each of [page, tab]) await heard(each, 'SIGNED_OUT', 1000)
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0)
  })

  it('goes on once after a 401, with fresh tokens', async () => {
    const page = await openTab(shop, shop.context)
    const email = await signInOn(page, shop.server)
    await routeOnce(page, '**/api/client/v1/profile', (route) => route.fulfill({ status: 401 }))
    expect(await page.evaluate(() => window.foyer.profile.get())).toMatchObject({ email })
    expect(await eventsOn(page)).toContain('TOKEN_REFRESHED')
  })
})
