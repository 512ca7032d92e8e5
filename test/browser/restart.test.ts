// Sign-ins that cannot go on, as people meet them: the back button, a second tab, another browser; in a real Chromium.

import { beforeAll, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import {
  type BrowserWindow,
  describeWithBrowser,
  desk,
  openWindow,
  phone,
} from '../support/browser.ts'
import { placesForTest } from '../support/places.ts'
import { createRelyingParty } from '../support/relying-party.ts'
import { freshAddress } from '../support/sign-in-pages.ts'

const withoutScripts = { ...desk, javaScriptEnabled: false }

describeWithBrowser('a sign-in that cannot go on, in a browser', () => {
  const places = placesForTest()
  let begin: string
  beforeAll(async () => {
    begin = new URL('/begin', places.application.callback).href
  })

  /** The address of an authorization request of Table Ledger. */
  async function requestOf({ firstParty = true, language = 'en' } = {}): Promise<string> {
    const { callback } = places.application
    const redirectUris = [callback]
    const client = await places.server.register({
      name: 'Table Ledger',
      redirectUris,
      firstParty,
      initiateLoginUri: begin,
    })
    const party = await createRelyingParty(places.server, client, callback)
    return (await party.authorize({ ui_locales: language })).url.href
  }

  const leave = (page: Page, act: () => Promise<unknown>) =>
    Promise.all([page.waitForEvent('load'), act()])

  const typeAddress = (page: Page, address: string) =>
    leave(page, () =>
      page
        .locator('#email')
        .fill(address)
        .then(() => page.keyboard.press('Enter')),
    )

  /** With scripts the code sends itself. */
  const typeCode = (
    { page, hasScripts }: Pick<BrowserWindow, 'page' | 'hasScripts'>,
    code: string,
  ) =>
    leave(page, async () => {
      await page.locator('#code').fill(code)
      if (!hasScripts) await page.keyboard.press('Enter')
    })

  const headingOf = (page: Page) => page.getByRole('heading', { level: 1 }).textContent()

  const wayOn = (page: Page, name: string) =>
    leave(page, () => page.getByRole('link', { name, exact: true }).click())

  it.each([
    ['with scripts', desk],
    ['without scripts', withoutScripts],
  ])('finished, and gone back to, leads to the application: %s', async (_name, options) => {
    const email = freshAddress()
    const window = await openWindow(places.browser, options)
    const { page, end, complaints } = window
    await page.goto(await requestOf())
    await typeAddress(page, email)
    const signInPage = page.url()
    await typeCode(window, await places.server.codeFor(email))
    expect(page.url()).toContain(`${places.application.callback}?code=`)
    await leave(page, () => page.goBack({ waitUntil: 'commit' }))
    expect(new URL(page.url()).pathname).toBe(new URL(signInPage).pathname)
    expect(await headingOf(page)).toBe('This sign-in has ended')
    await wayOn(page, 'Continue to Table Ledger')
    expect(page.url()).toBe(`${begin}?iss=${encodeURIComponent(places.server.baseUrl)}`)
    expect(complaints).toEqual([])
    await end()
  })

  it('open in two tabs, each of them ends where it should', async () => {
    const email = freshAddress()
    const { page: first, hasScripts, end } = await openWindow(places.browser, desk)
    await first.goto(await requestOf({ firstParty: false }))
    await typeAddress(first, email)
    const second = await first.context().newPage()
    await second.goto(first.url())
    const code = await places.server.codeFor(email)
    await typeCode({ page: first, hasScripts }, code)
    expect(await headingOf(first)).toBe('Table Ledger asks for access')
    // The code was taken: the second goes on to where the first is.
    await typeCode({ page: second, hasScripts }, code)
    expect(await headingOf(second)).toBe('This page is out of date')
    await wayOn(second, 'Continue')
    expect(await headingOf(second)).toBe('Table Ledger asks for access')
    await leave(second, () => second.getByRole('button', { name: 'Allow' }).click())
    expect(second.url()).toContain(`${places.application.callback}?code=`)
    // The application has its answer: the first leads to it.
    await leave(first, () => first.getByRole('button', { name: 'Allow' }).click())
    expect(await headingOf(first)).toBe('This sign-in has ended')
    await wayOn(first, 'Continue to Table Ledger')
    expect(first.url()).toContain(begin)
    await end()
  })

  it('bookmarked and opened in another browser, or with its cookies cleared, leads to the application', async () => {
    const { page, end } = await openWindow(places.browser, desk)
    await page.goto(await requestOf())
    const other = await openWindow(places.browser, phone)
    await other.page.goto(page.url())
    await page.context().clearCookies()
    await page.reload()
    for (const each of [page, other.page]) {
      expect(await headingOf(each)).toBe('This sign-in has ended')
      await wayOn(each, 'Continue to Table Ledger')
      expect(each.url()).toContain(begin)
    }
    await Promise.all([end(), other.end()])
  })
})
