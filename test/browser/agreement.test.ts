// Policies in a real Chromium: read, accepted, with and without scripts, on phones and desks, in light and dark.

import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { type Application, startApplication } from '../support/application.ts'
import { describeWithBrowser, desk, openWindow, phone, startBrowser } from '../support/browser.ts'
import { createRelyingParty } from '../support/relying-party.ts'
import { policyText } from '../support/samples.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { freshAddress, roomyLimits } from '../support/sign-in-pages.ts'
import { expectGoodView } from '../support/views.ts'

const BY = { actor: 'test' }

describeWithBrowser('policies in a browser', () => {
  let server: TestServer
  let browser: Browser
  let application: Application
  beforeAll(async () => {
    application = await startApplication()
    server = await startServer()
    await server.changeSignIn(roomyLimits)
    browser = await startBrowser()
    const organisation = server.organisation._id
    for (const kind of ['terms', 'privacy', 'refund'] as const)
      await server.policies.publish(
        { organisation, kind },
        { texts: { en: policyText, ar: '# الشروط\n\nأهلًا بك.' }, needsAcceptance: false },
        BY,
      )
    await server.policies.ask(organisation, ['terms', 'privacy'], BY)
  }) // the first start unpacks the browser
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    await application?.stop()
  })

  let email: string
  beforeEach(() => {
    email = freshAddress()
  })

  const headingOf = (page: Page) => page.getByRole('heading', { level: 1 }).textContent()

  async function openAtAgreement(options: BrowserContextOptions, language = 'en') {
    const { callback } = application
    const client = await server.register({ redirectUris: [callback], firstParty: true })
    const party = await createRelyingParty(server, client, callback)
    const { url } = await party.authorize({ ui_locales: language })
    const window = await openWindow(browser, options)
    const { page } = window
    await page.goto(url.href)
    await page.locator('#email').fill(email)
    await page.locator('.primary').click()
    const field = page.locator('#code')
    await field.waitFor()
    const code = await server.codeFor(email)
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
      page.waitForURL(`${application.callback}*`),
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
    await Promise.all([page.waitForURL(`${application.callback}*`), page.keyboard.press('Enter')])
    await window.end()
  })

  it('stand from right to left in Arabic', async () => {
    const window = await openAtAgreement(phone, 'ar')
    const { page } = window
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl')
    await expectGoodView(page)
    await page.goto(`${server.baseUrl}/policies/refund?lang=ar`)
    expect(await page.locator('article').getAttribute('dir')).toBe('rtl')
    await expectGoodView(page)
    await window.end()
  })
})
