// Policies in a real Chromium: read, accepted, with and without scripts, on phones and desks, in light and dark.

import { beforeAll, beforeEach, expect, it } from '@jest/globals'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { describeWithBrowser, desk, openWindow, phone } from '../support/browser.ts'
import { placesForTest } from '../support/places.ts'
import { createRelyingParty } from '../support/relying-party.ts'
import { policyText } from '../support/samples.ts'
import { freshAddress } from '../support/sign-in-pages.ts'
import { expectGoodView } from '../support/views.ts'

const BY = { actor: 'test' }

describeWithBrowser('policies in a browser', () => {
  const places = placesForTest()
  beforeAll(async () => {
    const organisation = places.server.organisation._id
    for (const kind of ['terms', 'privacy', 'refund'] as const)
      await places.server.policies.publish(
        { organisation, kind },
        { texts: { en: policyText, ar: '# الشروط\n\nأهلًا بك.' }, needsAcceptance: false },
        BY,
      )
    await places.server.policies.ask(organisation, ['terms', 'privacy'], BY)
  })

  let email: string
  beforeEach(() => {
    email = freshAddress()
  })

  const headingOf = (page: Page) => page.getByRole('heading', { level: 1 }).textContent()

  async function openAtAgreement(options: BrowserContextOptions, language = 'en') {
    const { callback } = places.application
    const client = await places.server.register({ redirectUris: [callback], firstParty: true })
    const party = await createRelyingParty(places.server, client, callback)
    const { url } = await party.authorize({ ui_locales: language })
    const window = await openWindow(places.browser, options)
    const { page } = window
    await page.goto(url.href)
    await page.locator('#email').fill(email)
    await page.locator('.primary').click()
    const field = page.locator('#code')
    await field.waitFor()
    const code = await places.server.codeFor(email)
    await Promise.all([
      page.waitForEvent('load'),
      (async () => {
        await field.fill(code) // with scripts it sends itself
        if (!window.hasScripts) await page.locator('.primary').click()
      })(),
    ])
    await page.locator('.documents').waitFor()
    return window
  }

  it.each([
    ['a phone', { ...phone }],
    ['a phone in the dark', { ...phone, colorScheme: 'dark' as const }],
    ['a desk', { ...desk }],
    ['a desk in the dark', { ...desk, colorScheme: 'dark' as const }],
  ])('are agreed to on %s, by pages that axe finds nothing wrong with', async (_name, options) => {
    const window = await openAtAgreement(options)
    const { page, complaints } = window
    expect(await headingOf(page)).toBe('Before you go on')
    await expectGoodView(page)

    const [text] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('link', { name: 'Terms of service' }).first().click(),
    ])
    await text.waitForLoadState()
    expect(await headingOf(text)).toBe('Terms of service')
    await expectGoodView(text)
    await text.close()

    await Promise.all([
      page.waitForURL(`${places.application.callback}*`),
      page.getByRole('button', { name: 'Agree and go on' }).click(),
    ])
    expect(new URL(page.url()).searchParams.has('code')).toBe(true)
    expect(complaints).toEqual([])
    await window.end()
  })

  it('are agreed to without scripts, and by the keyboard alone', async () => {
    const window = await openAtAgreement({ ...desk, javaScriptEnabled: false })
    const { page } = window
    for (const name of ['terms', 'privacy']) {
      await page.keyboard.press('Tab')
      expect(await page.locator(':focus').getAttribute('href')).toContain(`/policies/${name}/1`)
    }
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').textContent()).toBe('Agree and go on')
    await Promise.all([
      page.waitForURL(`${places.application.callback}*`),
      page.keyboard.press('Enter'),
    ])
    await window.end()
  })

  it('stand from right to left in Arabic', async () => {
    const window = await openAtAgreement(phone, 'ar')
    const { page } = window
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl')
    await expectGoodView(page)
    await page.goto(`${places.server.baseUrl}/policies/refund?lang=ar`)
    expect(await page.locator('article').getAttribute('dir')).toBe('rtl')
    await expectGoodView(page)
    await window.end()
  })
})
