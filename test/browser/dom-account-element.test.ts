// <foyer-account> as people meet it: who is signed in, the way to the portal, and the ways out, with mouse, keyboard and speech.

import { beforeEach, describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { type BrowserWindow, describeWithBrowser, desk, phone } from '../support/browser.ts'
import {
  elementsForTest,
  nextCode,
  place,
  problemOn,
  signedIn,
} from '../support/embedded-elements.ts'
import { expectGoodView } from '../support/views.ts'

describeWithBrowser('<foyer-account>', () => {
  const shop = elementsForTest()

  /** A window where somebody has signed in, and the element stands. */
  async function open(options = {}): Promise<BrowserWindow & { email: string; code: string }> {
    const attributes = { theme: 'auto' }
    const window = await shop.openAtCode({ options, attributes })
    const { page, code } = window
    await page.keyboard.type(code)
    await signedIn(page)
    await place(page, {
      tag: 'foyer-account',
      attributes: { ...shop.attributes, ...attributes },
      content: 'Nobody is here',
    })
    await opener(page).waitFor()
    return window
  }
  /** What opens the menu. */
  const opener = (page: Page) => page.locator('foyer-account [part=button]')
  const menu = (page: Page) => page.getByRole('button', { name: 'Sign out', exact: true })

  it('shows what the page put into it while nobody is signed in', async () => {
    const { page, end } = await shop.open({ tag: 'foyer-account', content: 'Nobody is here' })
    await page.getByText('Nobody is here').waitFor()
    expect(await opener(page).count()).toBe(0)
    await end()
  })

  it('shows it once it is known that nobody is: tabs are asked first, which takes a moment', async () => {
    const { page, end } = await shop.open()
    await page.getByLabel('E-mail address').waitFor()
    await page.clock.install()
    await page.clock.pauseAt(Date.now() + 1000)
    await page.goto(`${shop.site.origin}/`)
    await place(page, {
      tag: 'foyer-account',
      attributes: shop.attributes,
      content: 'Nobody is here',
    })
    expect(await page.getByText('Nobody is here').isVisible()).toBe(false)
    await page.clock.resume()
    await page.getByText('Nobody is here').waitFor()
    await end()
  })

  const views = [phone, desk].flatMap((screen) =>
    (['light', 'dark'] as const).map((colorScheme) => ({ ...screen, colorScheme })),
  )
  it.each(views.map((view) => [view.viewport.width, view.colorScheme, view] as const))(
    '%s pixels wide, %s: opens, closes and signs out by keyboard alone',
    async (_width, _scheme, options) => {
      const { page, email, complaints, end } = await open(options)
      expect(await page.getByText('Nobody is here').isVisible()).toBe(false)
      expect(await opener(page).textContent()).toContain(email)
      await expectGoodView(page)

      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await menu(page).waitFor()
      await expectGoodView(page)
      await page.keyboard.press('Escape')
      expect(await menu(page).isVisible()).toBe(false)

      await page.keyboard.press('Enter') // the focus is where it was
      for (let stop = 0; stop < 2; stop += 1) await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.getByText('Nobody is here').waitFor()
      const status = page.locator('foyer-account').getByRole('status')
      expect(await status.textContent()).toBe('You are signed out.')
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Nobody is here')
      expect(complaints).toEqual([])
      await end()
    },
  )

  it('closes when something else is pressed', async () => {
    const { page, end } = await open()
    await opener(page).click()
    await menu(page).waitFor()
    await page.getByRole('heading', { name: 'Shop' }).click()
    expect(await menu(page).isVisible()).toBe(false)
    await end()
  })

  it('signs out everywhere, in other browsers too', async () => {
    const { page, email, code, end } = await open()
    const elsewhere = await shop.open()
    await elsewhere.page.getByLabel('E-mail address').fill(email)
    await elsewhere.page.keyboard.press('Enter')
    await elsewhere.page.getByLabel('6-digit code').fill(await nextCode(shop.server, email, code))
    await signedIn(elsewhere.page)
    await opener(page).click()
    await page.getByRole('button', { name: 'Sign out everywhere' }).click()
    await page.getByText('Nobody is here').waitFor()
    await elsewhere.page.getByLabel('E-mail address').waitFor()
    await elsewhere.end()
    await end()
  })

  it('shows the name in place of the address, once there is one', async () => {
    const { page, email, end } = await open()
    await page.evaluate(async () => {
      const { client } = document.querySelector('foyer-account') ?? {}
      await client?.profile.update({ given_name: 'Mara', family_name: 'Lindqvist' })
      await client?.refresh()
    })
    await opener(page).filter({ hasText: 'MMara Lindqvist' }).waitFor()
    await opener(page).click()
    expect(await page.getByText(email).isVisible()).toBe(true)
    await end()
  })

  describe('the link to the portal', () => {
    let window: Awaited<ReturnType<typeof open>>
    let tickets: number
    beforeEach(async () => {
      window = await open()
      tickets = 0
      window.page.on('request', (request) => {
        if (request.method() === 'POST' && request.url().endsWith('/oauth/handoff')) tickets += 1
      })
      await opener(window.page).click()
    })
    const link = () => window.page.getByRole('link', { name: 'Your account' })

    it('fetches its ticket when it is pressed, and opens signed in, in this tab', async () => {
      const { page, end } = window
      expect(tickets).toBe(0)
      await link().click()
      await page.waitForURL(`${shop.server.baseUrl}/**`)
      expect(tickets).toBe(1)
      const cookies = await page.context().cookies(shop.server.baseUrl)
      expect(cookies.map(({ name }) => name).join()).toContain('session')
      await end()
    })

    it.each([
      ['the middle button', { button: 'middle' as const }],
      ['a modifier key', { modifiers: ['ControlOrMeta' as const] }],
    ])('opens a new tab for %s, which cannot reach this one', async (_name, options) => {
      const { page, end } = window
      const opened = page.context().waitForEvent('page')
      await link().click(options)
      const tab = await opened
      await tab.waitForURL(`${shop.server.baseUrl}/**`)
      expect(await tab.evaluate(() => globalThis.opener)).toBe(null)
      expect(page.url()).toBe(`${shop.site.origin}/`)
      await end()
    })

    it('says so when there is no connection', async () => {
      const { page, end } = window
      await page.context().setOffline(true)
      await link().click()
      expect(await problemOn(page)).toContain('No connection')
      await expectGoodView(page)
      await end()
    })

    it('leads to the portal itself where no ticket is given, which then asks', async () => {
      const { page, end } = window
      const collection = shop.server.documents.collection<{ _id: string }>({
        name: 'clients',
        indexes: [],
      })
      const allow = (firstParty: boolean) =>
        collection.updateOne({ _id: shop.attributes['client-id'] }, { $set: { firstParty } })
      await allow(false)
      shop.server.clock.forward(4000) // what processes remember of clients
      await page.route('**/portal', (route) => route.fulfill({ body: 'Your code, please.' }))
      await link().click()
      await page.waitForURL(`${shop.server.baseUrl}/portal`)
      await allow(true)
      await end()
    })
  })
})
