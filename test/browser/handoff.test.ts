// The hand-off in a real Chromium: from a page of another site into the issuer's own, with and without scripts.

import { beforeAll, expect, it } from '@jest/globals'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { startApplication } from '../support/application.ts'
import { describeWithBrowser, desk, openWindow, phone, sidewaysScroll } from '../support/browser.ts'
import { createOwnPage } from '../support/challenge.ts'
import { askHandoff } from '../support/handoff.ts'
import { placesForTest } from '../support/places.ts'
import { freshAddress } from '../support/sign-in-pages.ts'
import { expectGoodView } from '../support/views.ts'

const views: [string, BrowserContextOptions][] = [
  ['a phone', { ...phone }],
  ['a phone in the dark', { ...phone, colorScheme: 'dark' }],
  ['a desk', { ...desk }],
  ['a desk in the dark', { ...desk, colorScheme: 'dark' }],
]

describeWithBrowser('a hand-off in a browser', () => {
  const places = placesForTest()
  let client: { client_id: string }
  beforeAll(async () => {
    client = await places.server.register({
      kind: 'browser',
      name: 'Casa Aurora, the site',
      firstParty: true,
      redirectUris: [places.application.callback],
    })
  })

  const origin = () => new URL(places.application.callback).origin
  const headingOf = (page: Page) => page.getByRole('heading', { level: 1 }).textContent()

  /** Somebody who has signed in on the site's own page. */
  async function customer() {
    const email = freshAddress()
    const { access_token } = await createOwnPage(places.server, client, {
      origin: origin(),
    }).signIn(email)
    const token = String(access_token)
    const link = async (): Promise<string> => {
      const { json } = await askHandoff(places.server, { token, origin: origin() })
      return String(json.url)
    }
    return { email, token, link }
  }

  /** Where the page stands, and that nothing is wrong with it. */
  async function expectGoodPage(page: Page, heading: string): Promise<void> {
    expect(await headingOf(page)).toBe(heading)
    await expectGoodView(page)
  }

  it('goes from the site’s own script to the account without a question or a click, and out again', async () => {
    const { email, token } = await customer()
    const window = await openWindow(places.browser, desk)
    const { page, complaints } = window
    await page.goto(places.application.callback)
    await page.evaluate(
      async ({ endpoint, token }) => {
        const answer = await fetch(endpoint, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: '{}',
        })
        const { url } = await answer.json()
        location.assign(url)
      },
      { endpoint: `${places.server.baseUrl}/oauth/handoff`, token },
    )
    await page.waitForURL('**/demo/account')
    expect(await page.getByText(email).isVisible()).toBe(true)
    expect(complaints).toEqual([])

    // What people do with the back button.
    await page.goBack()
    expect(page.url()).not.toContain('/demo/account')
    await page.goto(`${places.server.baseUrl}/demo/account`)
    await page.getByRole('link', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('You are signed out').waitFor()
    expect((await askHandoff(places.server, { token, origin: origin() })).status).toBe(401)
    await page.goto(`${places.server.baseUrl}/demo/account`)
    expect(await headingOf(page)).toBe('Nobody is signed in here')
    await window.end()
  })

  it('asks where another site sent the browser, and says no for who says no', async () => {
    const { link } = await customer()
    const window = await openWindow(places.browser, desk)
    const { page } = window
    const evil = await startApplication()
    await page.goto(evil.callback)
    const url = await link()
    await page.evaluate((target) => location.assign(target), url)
    await page.getByRole('button', { name: 'It is not mine' }).click()
    await page.waitForURL('**/demo/account')
    expect(await headingOf(page)).toBe('Nobody is signed in here')
    await evil.stop()
    await window.end()
  })

  it('needs one click without scripts, by the keyboard alone', async () => {
    const { email, link } = await customer()
    const window = await openWindow(places.browser, { ...desk, javaScriptEnabled: false })
    const { page } = window
    await page.goto(await link())
    expect(await headingOf(page)).toBe('Continue')
    await page.keyboard.press('Tab')
    await Promise.all([page.waitForURL('**/demo/account'), page.keyboard.press('Enter')])
    expect(await page.getByText(email).isVisible()).toBe(true)
    await window.end()
  })

  it.each(views)('has pages on %s that axe finds nothing wrong with', async (_name, view) => {
    const [ana, ben] = [await customer(), await customer()]
    const quiet = await openWindow(places.browser, { ...view, javaScriptEnabled: false })
    await quiet.page.goto(await ana.link())
    expect(await sidewaysScroll(quiet.page)).toBe(0)
    await quiet.end()

    const window = await openWindow(places.browser, view)
    const { page, complaints } = window
    const used = await ana.link()
    await page.goto(`${places.server.baseUrl}/demo/account`)
    await expectGoodPage(page, 'Nobody is signed in here')
    await page.goto(places.application.callback)
    await page.evaluate(
      (target) =>
        Object.assign(document.createElement('a'), { href: target, rel: 'noreferrer' }).click(),
      await ben.link(),
    )
    await page.getByRole('button', { name: /^Continue as/ }).waitFor()
    await expectGoodPage(page, 'Is this your address?')
    await page.goto(used)
    await page.waitForURL('**/demo/account')
    await expectGoodPage(page, 'Your account')
    await page.goto(await ben.link())
    await expectGoodPage(page, 'Somebody else is signed in here')
    await page.getByRole('button', { name: /^Continue as/ }).click()
    await page.waitForURL('**/demo/account')
    expect(await page.getByText(ben.email).isVisible()).toBe(true)
    await page.goto(used)
    await expectGoodPage(page, 'This link no longer works')
    expect(complaints).toEqual([])
    await window.end()
  })

  it('stands from right to left in Arabic', async () => {
    const [ana, ben] = [await customer(), await customer()]
    const window = await openWindow(places.browser, { ...phone, locale: 'ar' })
    const { page } = window
    await page.goto(await ana.link())
    await page.waitForURL('**/demo/account')
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl')
    await expectGoodView(page)
    await page.goto(await ben.link())
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl')
    await expectGoodView(page)
    await window.end()
  })
})
