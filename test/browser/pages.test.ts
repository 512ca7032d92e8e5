// Every page and mail in each of its states: it fits, everybody can use it, and its policy lets it through.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { locales } from '../../src/shared/locale.ts'
import {
  type BrowserWindow,
  describeWithBrowser,
  openWindow,
  startBrowser,
} from '../support/browser.ts'
import { customerPages, pageModules, pagesPolicy } from '../support/customer-pages.ts'
import { mailSamples } from '../support/mail-samples.ts'
import { expectGoodInTurn, inTurn } from '../support/views.ts'

const ADDRESS = 'http://pages.test/'
const WITHOUT_SCRIPTS = "default-src 'none'; style-src 'unsafe-inline'"

describeWithBrowser('in a browser', () => {
  let browser: Browser
  let window: BrowserWindow
  let shown: { html: string; policy: string }
  beforeAll(async () => {
    browser = await startBrowser()
    window = await openWindow(browser)
    await window.page.route(ADDRESS, (route) =>
      route.fulfill({
        contentType: 'text/html',
        headers: { 'content-security-policy': shown.policy },
        body: shown.html,
      }),
    )
  }) // the first start unpacks the browser
  afterAll(() => browser?.close())

  async function show(html: string, policy: string): Promise<void> {
    shown = { html, policy }
    await window.page.goto(ADDRESS)
  }

  it.each(customerPages.map((page) => [page.name, page] as const))(
    'every page can be used by everybody: %s',
    async (name, { html, isHeld }) => {
      for (const locale of inTurn(locales)) {
        await show(html(locale), isHeld ? WITHOUT_SCRIPTS : pagesPolicy)
        await expectGoodInTurn(window.page, { name: `page ${name} ${locale}` })
        const complaints = window.complaints.splice(0)
        if (!isHeld) expect(complaints).toEqual([])
      }
    },
  )

  it.each(['address', 'permission', 'agreement', 'sign-out'])(
    'a page with a form sends once what is clicked twice, and says that something is under way: %s',
    async (name) => {
      const found = customerPages.find((page) => page.name === name)
      await show(found?.html('en') ?? '', pagesPolicy)
      const sent = await window.page.evaluate(() => {
        const [form] = document.forms
        const send = () =>
          form?.dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true }))
        return { first: send(), second: send(), isBusy: form?.querySelector('button')?.ariaBusy }
      })
      expect(sent).toEqual({ first: true, second: false, isBusy: 'true' })
    },
  )

  it.each(mailSamples)('every mail can be read by everybody: %s', async (name, mail) => {
    // The landmarks around a mail are those of the program that shows it.
    const except = ['landmark-one-main', 'region']
    for (const locale of inTurn(locales)) {
      await show(mail(locale).html, WITHOUT_SCRIPTS)
      await expectGoodInTurn(window.page, { name: `mail ${name} ${locale}`, except })
    }
  })
})

it('draws with every function that draws a page', () => {
  const drawing = pageModules.flatMap((module) =>
    Object.keys(module).filter((name) => name.endsWith('Page')),
  )
  expect([...new Set(customerPages.map(({ drawnBy }) => drawnBy))].sort()).toEqual(drawing.sort())
})
