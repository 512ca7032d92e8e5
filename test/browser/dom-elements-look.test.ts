// How the elements look and speak: for thumbs, in narrow and enlarged windows, in other languages and colours, as the page wishes.

import { describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { describeWithBrowser, desk, openWindow, phone, sidewaysScroll } from '../support/browser.ts'
import {
  codeField,
  elementsForTest,
  headingOn,
  place,
  problemOn,
  type Shop,
  sendAddress,
  signedIn,
} from '../support/embedded-elements.ts'
import { freshAddress, wrongCode } from '../support/sign-in-pages.ts'
import { expectGoodView } from '../support/views.ts'

/** A desk of 1280 by 1024 pixels at 400 % (WCAG 2.2, 1.4.10). */
const enlarged = { viewport: { width: 320, height: 256 } }

describeWithBrowser('the elements', () => {
  const shop = elementsForTest()

  /** At the code, with something wrong and every way on offer. */
  async function openAtMistake(placed: Parameters<Shop['openAtCode']>[0] = {}) {
    const window = await shop.openAtCode(placed)
    await codeField(window.page).fill(wrongCode(window.code))
    await problemOn(window.page)
    return window
  }
  /** Signed in, with the menu open. */
  async function openAtMenu(placed: Parameters<Shop['openAtCode']>[0] = {}) {
    const window = await shop.openAtCode(placed)
    await codeField(window.page).fill(window.code)
    await signedIn(window.page)
    const attributes = { ...shop.attributes, ...placed.attributes }
    await place(window.page, { tag: 'foyer-account', attributes })
    await window.page.locator('foyer-account [part=button]').click()
    await window.page.locator('[part=menu]').waitFor()
    return window
  }
  const styleOf = (page: Page, part: string, property: string) =>
    page
      .locator(`[part=${part}]`)
      .first()
      .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property)

  it.each(['en', 'de', 'ar'])('in %s, need no sideways scrolling at 400 %%', async (locale) => {
    for (const open of [openAtMistake, openAtMenu]) {
      const { page, end } = await open({ options: enlarged, attributes: { locale } })
      await expectGoodView(page)
      await end()
    }
  })

  it('stand larger text (WCAG 2.2, 1.4.4) and text spacing (1.4.12)', async () => {
    for (const open of [openAtMistake, openAtMenu]) {
      const { page, end } = await open({ options: { ...phone, bypassCSP: true } })
      await page.addStyleTag({
        content:
          'html { font-size: 200%; line-height: 1.5; letter-spacing: .12em; word-spacing: .16em }',
      })
      expect(await sidewaysScroll(page)).toBe(0)
      await end()
    }
  })

  it('have targets of 44 pixels for thumbs', async () => {
    for (const open of [openAtMistake, openAtMenu]) {
      const { page, end } = await open({ options: phone })
      const small = await page
        .locator('a, button, input')
        .evaluateAll((targets) =>
          targets
            .filter((target) => target.getBoundingClientRect().height < 44)
            .map((target) => target.outerHTML),
        )
      expect(small).toEqual([])
      await end()
    }
  })

  it('keep still for those who asked for less motion', async () => {
    const { page, end } = await openAtMistake({ options: { ...desk, reducedMotion: 'reduce' } })
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0)
    await end()
  })

  it('mark what has the focus, whatever the colours', async () => {
    for (const options of [desk, { ...desk, forcedColors: 'active' as const }]) {
      const { page, end } = await openAtMistake({ options })
      for (let stop = 0; stop < 3; stop += 1) {
        await page.keyboard.press('Tab')
        const outline = await page.evaluate(() => {
          const focused = document.activeElement?.shadowRoot?.activeElement as Element // Tab found one
          const { outlineStyle, outlineWidth } = getComputedStyle(focused)
          return `${outlineStyle} ${outlineWidth}`
        })
        expect(outline).toBe('solid 2px')
      }
      const edge = await styleOf(page, 'button', 'border-top-width')
      expect(edge).toBe('1px') // forced colours paint the transparent edge
      await end()
    }
  })

  describe('follow the page', () => {
    it.each([
      ['nothing', {}, 'rgb(255, 255, 255)'],
      ['theme="light"', { theme: 'light' }, 'rgb(255, 255, 255)'],
      ['theme="dark"', { theme: 'dark' }, 'rgb(18, 18, 18)'],
      ['theme="auto"', { theme: 'auto' }, 'rgb(18, 18, 18)'],
    ])('who prefers dark sees, with %s, its colours', async (_name, attributes, ground) => {
      const options = { ...desk, colorScheme: 'dark' as const }
      const { page, end } = await shop.open({ options, attributes })
      await page.getByLabel('E-mail address').waitFor()
      expect(await styleOf(page, 'panel', 'background-color')).toBe(ground)
      await expectGoodView(page)
      await end()
    })

    it.each([
      ['--foyer-accent', 'rgb(122, 31, 61)', 'button', 'background-color'],
      ['--foyer-on-accent', 'rgb(1, 2, 3)', 'button', 'color'],
      ['--foyer-text', 'rgb(1, 2, 3)', 'heading', 'color'],
      ['--foyer-background', 'rgb(1, 2, 3)', 'panel', 'background-color'],
      ['--foyer-error', 'rgb(1, 2, 3)', 'problem', 'color'],
      ['--foyer-radius', '3px', 'button', 'border-top-left-radius'],
      ['--foyer-padding', '7px', 'panel', 'padding-top'],
      ['--foyer-font', 'serif', 'heading', 'font-family'],
    ])('%s', async (variable, value, part, property) => {
      const { page, end } = await shop.open({ options: { bypassCSP: true } })
      await page.addStyleTag({ content: `foyer-sign-in { ${variable}: ${value} }` })
      expect(await styleOf(page, part, property)).toBe(value)
      await end()
    })

    it('its typeface, and its style sheet for a part', async () => {
      const { page, end } = await shop.open({ options: { bypassCSP: true } })
      await page.addStyleTag({
        content: 'body { font: 20px fantasy } foyer-sign-in::part(heading) { font-style: italic }',
      })
      expect(await styleOf(page, 'input', 'font-family')).toBe('fantasy')
      expect(await styleOf(page, 'input', 'font-size')).toBe('20px')
      expect(await styleOf(page, 'heading', 'font-style')).toBe('italic')
      await end()
    })
  })

  describe('speak', () => {
    const titleOf = (page: Page) => headingOn(page).textContent()

    it.each([
      ['de-AT', 'Anmelden', 'ltr'],
      ['ar', 'تسجيل الدخول', 'rtl'],
      ['fr', 'Sign in', 'ltr'],
    ])('%s, and say in which language and direction', async (locale, title, direction) => {
      const { page, email, end } = await shop.openAtCode({ attributes: { locale } })
      const panel = page.locator('[part=panel]')
      expect(await panel.getAttribute('dir')).toBe(direction)
      expect(await panel.getAttribute('lang')).toBe(locale === 'fr' ? 'en' : locale)
      expect(await page.locator('bdi').first().textContent()).toBe(email)
      await page.locator('foyer-sign-in [part=link]').last().click()
      expect(await titleOf(page)).toBe(title)
      await end()
    })

    it('the language around them, in the browser’s only where there is none', async () => {
      const { page, end } = await shop.open({ options: { ...desk, locale: 'de-DE' } })
      expect(await titleOf(page)).toBe('Sign in') // the page says that it is English
      await page.evaluate(() => {
        document.documentElement.removeAttribute('lang')
        document.querySelector('foyer-sign-in')?.setAttribute('locale', '')
      })
      expect(await titleOf(page)).toBe('Anmelden')
      await end()
    })

    it('for themselves: what the page puts into them keeps its own direction', async () => {
      const placed = { attributes: { locale: 'ar' }, content: 'Welcome' }
      const { page, code, end } = await shop.openAtCode(placed)
      await codeField(page).fill(code)
      const text = page.getByText('Welcome')
      await text.waitFor()
      expect(await text.evaluate((element) => getComputedStyle(element).direction)).toBe('ltr')
      const status = page.locator('foyer-sign-in [role=status]')
      expect(await status.getAttribute('lang')).toBe('ar')
      await end()
    })

    it('as they can, and ask for mails in the language of the page', async () => {
      const { page, end } = await shop.open({ attributes: { locale: 'fr' } })
      const asked = page.waitForRequest('**/oauth/challenge')
      await sendAddress(page, freshAddress())
      expect(new URLSearchParams((await asked).postData() ?? '').get('ui_locales')).toBe('fr')
      expect(await titleOf(page)).toBe('Check your e-mail')
      await end()
    })

    it('in the middle of things another language, and keep what was typed', async () => {
      const { page, end } = await shop.openAtCode()
      await codeField(page).fill('123')
      await page.evaluate(() =>
        document.querySelector('foyer-sign-in')?.setAttribute('locale', 'de'),
      )
      expect(await titleOf(page)).toBe('Sehen Sie in Ihre E-Mails')
      expect(await codeField(page).inputValue()).toBe('123')
      await page.keyboard.type('4')
      expect(await codeField(page).inputValue()).toBe('1234')
      await end()
    })

    it('a language that comes after them', async () => {
      const { page, end } = await shop.open({ attributes: { locale: 'tlh' } })
      expect(await titleOf(page)).toBe('Sign in')
      await page.evaluate(async () => {
        const door = '/foyer/element.ts'
        const { addWords } = await import(door)
        addWords({ tlh: { emailTitle: 'yI’el' } })
      })
      expect(await titleOf(page)).toBe('yI’el')
      await end()
    })

    it('the words of the page, by attribute and by property', async () => {
      const messages = JSON.stringify({ emailTitle: 'Come in' })
      const { page, end } = await shop.open({ attributes: { messages } })
      expect(await titleOf(page)).toBe('Come in')
      await page.evaluate(() => {
        const element = document.querySelector('foyer-sign-in')
        if (element) element.messages = { emailTitle: 'Welcome', emailAction: 'Go' }
      })
      expect(await titleOf(page)).toBe('Welcome')
      expect(await page.getByRole('button').textContent()).toBe('Go')
      await end()
    })
  })

  it('take what a page set before they were defined', async () => {
    const { page, end } = await openWindow(shop.browser)
    await page.goto(`${shop.site.origin}/early`)
    const set = await page.evaluate(
      async (options) => {
        const element = document.querySelector('foyer-sign-in')
        if (!element) return false
        const path = '/foyer/index.ts'
        const { createClient } = (await import(path)) as typeof window.Foyer // the library's door
        const client = createClient(options)
        const isEarly = !customElements.get('foyer-sign-in')
        Object.assign(element, { client, messages: { emailTitle: 'Early' } })
        const door = '/foyer/element.ts'
        await import(door)
        await import(`${door}?again`)
        return isEarly && element.client === client
      },
      { issuer: shop.attributes.issuer, clientId: shop.attributes['client-id'] },
    )
    expect(set).toBe(true)
    expect(await headingOn(page).textContent()).toBe('Early')
    await end()
  })
})
