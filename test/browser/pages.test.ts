// Every page and mail in each of its states: it fits, everybody can use it, and its policy lets it through.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { catalogue } from '../../interactions/messages/catalogue.ts'
import { goingOnPolicyOf } from '../../interactions/pages/layout.ts'
import { locales } from '../../src/shared/locale.ts'
import { describeWithBrowser, openWindow, phone, startBrowser } from '../support/browser.ts'
import { customerPages, pageModules, pagesPolicy } from '../support/customer-pages.ts'
import { mailSamples } from '../support/mail-samples.ts'
import { expectGoodInTurn, inTurn } from '../support/views.ts'

const ADDRESS = 'http://pages.test/'
const WITHOUT_SCRIPTS = "default-src 'none'; style-src 'unsafe-inline'"

type Shown = { html: string; policy: string }

/** A window that shows what it is given; what its forms send is answered by nothing, and counted. */
async function openPages(browser: Browser, screen: BrowserContextOptions = {}) {
  const window = await openWindow(browser, screen)
  let shown: Shown
  let sent = 0
  await window.page.route(ADDRESS, (route) =>
    route.fulfill({
      contentType: 'text/html',
      headers: { 'content-security-policy': shown.policy },
      body: shown.html,
    }),
  )
  await window.page.route(`${ADDRESS}?`, (route) => {
    sent += 1
    return route.fulfill({ status: 204 }) // the page stays
  })
  return {
    ...window,
    sent: () => sent,
    async show(html: string, policy: string, waitUntil: 'load' | 'commit' = 'load') {
      shown = { html, policy }
      await window.page.goto(ADDRESS, { waitUntil })
    },
  }
}

const pageCalled = (name: string) => customerPages.find((page) => page.name === name)

describeWithBrowser('in a browser', () => {
  let browser: Browser
  let window: Awaited<ReturnType<typeof openPages>>
  beforeAll(async () => {
    browser = await startBrowser()
    window = await openPages(browser)
  }) // the first start unpacks the browser
  afterAll(() => browser?.close())

  it.each(customerPages.map((page) => [page.name, page] as const))(
    'every page can be used by everybody: %s',
    async (name, { html, isHeld }) => {
      for (const locale of inTurn(locales)) {
        await window.show(html(locale), isHeld ? WITHOUT_SCRIPTS : pagesPolicy)
        await expectGoodInTurn(window.page, { name: `page ${name} ${locale}` })
        const complaints = window.complaints.splice(0)
        if (!isHeld) expect(complaints).toEqual([])
      }
    },
  )

  /** Where everything stands, but for what is only heard. */
  const placesOf = (page: Page) =>
    page
      .locator('main :not(.wait), footer *')
      .evaluateAll((all) => all.map((each) => JSON.stringify(each.getBoundingClientRect())))

  it.each(['address', 'permission', 'agreement', 'sign-out'])(
    'a page with a form sends once what is clicked twice, says that something is under way, and lets go: %s',
    async (name) => {
      const { page, sent, show, end } = await openPages(browser)
      await page.clock.install()
      await show(pageCalled(name)?.html('en') ?? '', pagesPolicy)
      const button = page.locator('.primary')
      const words = page.locator('.wait')
      const before = await placesOf(page)
      await button.click()
      await button.click()
      expect({ sent: sent(), isBusy: await button.getAttribute('aria-busy') }).toEqual({
        sent: 1,
        isBusy: 'true',
      })
      expect(await words.textContent()).toBe('') // a quick answer needs none
      await page.clock.runFor(1000)
      expect(await page.getByRole('status').textContent()).toBe(catalogue.en.wait)
      expect(await placesOf(page)).toEqual(before)
      await page.clock.runFor(9000)
      expect(await words.textContent()).toBe('')
      await button.click()
      expect(sent()).toBe(2)
      await end()
    },
  )

  /** What one could press, were it not under something else at the lower edge of the window. */
  const coveredOn = (page: Page) =>
    page.locator('a, button').evaluateAll((all) =>
      all
        .filter((each) => {
          each.scrollIntoView({ block: 'end' })
          const { x, y, width, height } = each.getBoundingClientRect()
          return !each.contains(document.elementFromPoint(x + width / 2, y + height / 2))
        })
        .map((each) => each.textContent),
    )

  it.each([
    ['.primary', 100],
    ['.primary', 200],
    ['.second', 100],
  ])(
    'the words about waiting take the place of those in the button, and cover nothing on a phone: %s, text of %i %%',
    async (pressed, size) => {
      const { page, show, end } = await openPages(browser, phone)
      await page.clock.install()
      for (const locale of locales) {
        await show(pageCalled('permission')?.html(locale) ?? '', pagesPolicy)
        await page.evaluate((percent) => {
          document.documentElement.style.fontSize = `${percent}%`
        }, size)
        const button = page.locator(pressed)
        const label = await button.innerText()
        await button.click()
        const before = await placesOf(page)
        await page.clock.runFor(1000)
        expect(await button.innerText()).toBe(catalogue[locale].wait)
        expect(await placesOf(page)).toEqual(before)
        expect(await coveredOn(page)).toEqual([])
        await page.clock.runFor(9000)
        expect(await button.innerText()).toBe(label)
      }
      await end()
    },
  )

  it('a way that is not the way forward keeps its words, and the place of those beside it', async () => {
    const { page, show, end } = await openPages(browser, phone)
    await page.clock.install()
    await show(pageCalled('code, resend possible')?.html('en') ?? '', pagesPolicy)
    const before = await placesOf(page)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.clock.runFor(1000)
    expect(await page.getByRole('status').textContent()).toBe(catalogue.en.wait)
    expect(await placesOf(page)).toEqual(before)
    expect(await coveredOn(page)).toEqual([])
    await end()
  })

  it('marks a field that is wrong in the colour of what is said of it, in use or not', async () => {
    await window.show(pageCalled('address, mistyped')?.html('en') ?? '', pagesPolicy)
    await window.page.emulateMedia({ reducedMotion: 'reduce' })
    const colours = await window.page.locator('#email').evaluate((field) => {
      field.blur()
      const said = document.querySelector('.problem') ?? field
      return [getComputedStyle(field).borderTopColor, getComputedStyle(said).color]
    })
    expect(colours[0]).toBe(colours[1])
  })

  it.each(['hand-off', 'pass on'])(
    'a page that goes on by itself sends nothing more to who does not wait: %s',
    async (name) => {
      const { page, sent, show, end } = await openPages(browser)
      // It is on its way before it is loaded.
      await show(pageCalled(name)?.html('en') ?? '', goingOnPolicyOf(), 'commit')
      const button = page.getByRole('button', { name: 'Continue' })
      await button.click()
      expect({ sent: sent(), isBusy: await button.getAttribute('aria-busy') }).toEqual({
        sent: 1,
        isBusy: 'true',
      })
      await end()
    },
  )

  it.each(mailSamples)('every mail can be read by everybody: %s', async (name, mail) => {
    // The landmarks around a mail are those of the program that shows it.
    const except = ['landmark-one-main', 'region']
    for (const locale of inTurn(locales)) {
      await window.show(mail(locale).html, WITHOUT_SCRIPTS)
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
