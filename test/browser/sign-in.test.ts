// Sign-in as people meet it: a real Chromium, with and without scripts, on phones and desks, by keyboard alone.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { BrowserContextOptions, Page } from 'playwright-core'
import {
  type BrowserWindow,
  describeWithBrowser,
  desk,
  focusOf,
  openWindow,
  phone,
  sidewaysScroll,
} from '../support/browser.ts'
import { placesForTest } from '../support/places.ts'
import { createRelyingParty } from '../support/relying-party.ts'
import { LONG_NAME } from '../support/samples.ts'
import { freshAddress, wrongCode } from '../support/sign-in-pages.ts'
import { expectGoodView } from '../support/views.ts'

/** A desk of 1280 by 1024 pixels at 400 % (WCAG 2.2, 1.4.10). */
const enlarged = { viewport: { width: 320, height: 256 } }

describeWithBrowser('sign-in in a browser', () => {
  const places = placesForTest()

  type Walk = { clientName?: string; language?: string }

  /** A window in front of the page that asks for the address. */
  async function open(options: BrowserContextOptions, walk: Walk = {}): Promise<BrowserWindow> {
    const { clientName = 'Table Ledger', language = 'en' } = walk
    const { callback } = places.application
    const client = await places.server.register({ name: clientName, redirectUris: [callback] })
    const party = await createRelyingParty(places.server, client, callback)
    const { url } = await party.authorize({ ui_locales: language })
    const window = await openWindow(places.browser, options)
    await leave(window.page, () => window.page.goto(url.href))
    return window
  }

  /** Does something that leads to another page; returns when one can type there. */
  async function leave(page: Page, act: () => Promise<unknown>): Promise<void> {
    await Promise.all([page.waitForEvent('load'), act()])
    const isFocusing = (await page.locator('[autofocus]').count()) > 0
    if (isFocusing) await page.locator(':focus').waitFor() // given with the first picture
  }

  const typeAddress = (page: Page, address: string) =>
    leave(page, async () => {
      await page.keyboard.type(address)
      await page.keyboard.press('Enter')
    })

  /** With scripts the code sends itself. */
  const typeCode = ({ page, hasScripts }: BrowserWindow, code: string) =>
    leave(page, async () => {
      await page.keyboard.type(code)
      if (!hasScripts) await page.keyboard.press('Enter')
    })

  /** A window in front of the page that asks for the code. */
  async function openAtCode(options: BrowserContextOptions, walk?: Walk) {
    const email = freshAddress()
    const window = await open(options, walk)
    await typeAddress(window.page, email)
    return { ...window, email, code: await places.server.codeFor(email) }
  }

  const headingOf = (page: Page) => page.getByRole('heading', { level: 1 }).textContent()

  async function expectGood({ page, hasScripts }: BrowserWindow): Promise<void> {
    // What checks the page is a script itself; without scripts the page is the same.
    if (hasScripts) return expectGoodView(page)
    expect(await sidewaysScroll(page)).toBe(0)
  }

  async function expectGoodMail(window: BrowserWindow, to: string): Promise<void> {
    const [mail] = await places.server.mails(to)
    await window.page.goto('about:blank') // the mailbox would let no script look at it
    await window.page.setContent(mail?.html ?? '')
    // The landmarks around a mail are those of the program that shows it.
    await expectGoodView(window.page, { except: ['landmark-one-main', 'region'] })
  }

  const people = [phone, desk].flatMap((screen) =>
    (['light', 'dark'] as const).flatMap((colorScheme) =>
      [true, false].map((javaScriptEnabled) => ({ ...screen, colorScheme, javaScriptEnabled })),
    ),
  )
  const nameOf = ({ viewport, colorScheme, javaScriptEnabled }: (typeof people)[number]) =>
    `${viewport.width} pixels wide, ${colorScheme}, ${javaScriptEnabled ? 'with' : 'without'} scripts`

  it.each(people.map((person) => [nameOf(person), person] as const))(
    '%s, is done with the keyboard alone',
    async (_name, options) => {
      const email = freshAddress()
      const window = await open(options)
      const { page } = window
      expect((await focusOf(page)).id).toBe('email')
      await expectGood(window)

      await typeAddress(page, 'nobody')
      expect(await page.title()).toMatch(/^Error: /)
      expect(await focusOf(page)).toEqual({
        id: 'email',
        description: expect.stringContaining('typing mistake'),
      })
      await expectGood(window)

      await page.keyboard.press('ControlOrMeta+a')
      await typeAddress(page, email)
      expect(await focusOf(page)).toEqual({
        id: 'code',
        description: expect.stringContaining(`sent a code to ${email}`),
      })
      await expectGood(window)

      const code = await places.server.codeFor(email)
      await typeCode(window, wrongCode(code))
      expect(await page.getByRole('alert').textContent()).toContain('not right')
      expect(await focusOf(page)).toEqual({
        id: 'code',
        description: expect.stringContaining('not right'),
      })
      await expectGood(window)

      await typeCode(window, code)
      expect(await headingOf(page)).toBe('Table Ledger asks for access')
      await expectGood(window)
      await page.keyboard.press('Tab')
      await leave(page, () => page.keyboard.press('Enter'))
      expect(page.url()).toContain(`${places.application.callback}?code=`)
      expect(window.complaints).toEqual([])
      await window.end()
    },
  )

  describe('with names that have nowhere to break', () => {
    beforeAll(() => places.server.change({ name: LONG_NAME }))
    afterAll(() => places.server.change({ name: places.server.organisation.name }))

    it.each(['en', 'de', 'ar'])('in %s, needs no sideways scrolling at 400 %', async (language) => {
      const window = await openAtCode(enlarged, { clientName: LONG_NAME, language })
      const { page } = window
      await typeCode(window, wrongCode(window.code))
      await expectGood(window)
      await typeCode(window, window.code)
      expect(await headingOf(page)).toContain(LONG_NAME)
      await expectGood(window)
      const paths = [
        '/oauth/logout',
        '/oauth/authorize?client_id=nobody',
        '/sign-in/over',
        '/nowhere',
      ]
      for (const path of paths) {
        await page.goto(`${places.server.baseUrl}${path}`)
        await expectGood(window)
      }
      await expectGoodMail(window, window.email)
      await window.end()
    })
  })

  it('stands larger text spacing (WCAG 2.2, 1.4.12)', async () => {
    const window = await openAtCode({ ...phone, bypassCSP: true })
    await window.page.addStyleTag({
      content:
        '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }',
    })
    expect(await sidewaysScroll(window.page)).toBe(0)
    await window.end()
  })

  it('has targets of 44 pixels for thumbs', async () => {
    const { page, end } = await openAtCode(phone)
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('a, button, input')]
        // The words beside a box belong to it.
        .map((target) => target.closest('label') ?? target)
        .filter((target) => target.getBoundingClientRect().height < 44)
        .map((target) => target.textContent),
    )
    expect(small).toEqual([])
    await end()
  })

  it('keeps still for those who asked for less motion', async () => {
    const { page, end } = await open({ ...desk, reducedMotion: 'reduce' })
    const moving = await page.evaluate(
      () =>
        document.getAnimations().length +
        [...document.querySelectorAll('*')].filter(
          (element) => getComputedStyle(element).transitionDuration !== '0s',
        ).length,
    )
    expect(moving).toBe(0)
    await end()
  })

  it('marks what has the focus, whatever the colours', async () => {
    for (const options of [desk, { ...desk, forcedColors: 'active' as const }]) {
      const { page, end } = await openAtCode(options)
      for (let stop = 0; stop < 5; stop += 1) {
        await page.keyboard.press('Tab')
        const outline = await page.evaluate(() => {
          const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement as Element) // Tab found one
          return `${outlineStyle} ${outlineWidth}`
        })
        expect(outline).toBe('solid 2px')
      }
      await end()
    }
  })

  describe('where scripts run, the page of the code', () => {
    it('sends a pasted code by itself, with spaces and in Arabic digits', async () => {
      const { page, code, end } = await openAtCode(desk, { language: 'ar' })
      const arabic = code.replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit)))
      await leave(page, () =>
        page.keyboard.insertText(` ${arabic.slice(0, 3)} ${arabic.slice(3)} `),
      )
      expect(await headingOf(page)).toContain('Table Ledger')
      await end()
    })

    it('keeps what is wrong with the code before the eyes of who also pressed Enter', async () => {
      const { page, code, end } = await openAtCode(desk)
      await page.clock.install()
      await leave(page, () => page.keyboard.type(wrongCode(code)))
      await page.keyboard.press('Enter')
      await page.keyboard.press('Enter')
      expect(await page.getByRole('alert').textContent()).toContain('not right')
      await end()
    })

    it('counts the seconds down, and offers a new code after them', async () => {
      const { page, email, end } = await openAtCode(desk)
      await page.clock.install()
      await page.reload()
      const resend = page.getByRole('button', { name: 'Send a new code' })
      expect(await resend.isDisabled()).toBe(true)
      await page.clock.runFor(30_000)
      // Of a minute, half; and what the pages took.
      expect(await page.textContent('[data-resend-in]')).toMatch(/new code in (2\d|30) s/)
      // What describes the field that has the focus is read out whenever it changes.
      expect((await focusOf(page)).description).not.toContain('new code')
      await page.clock.runFor(31_000)
      expect(await resend.isEnabled()).toBe(true)
      places.server.clock.forward(61_000)
      await leave(page, () => resend.click())
      expect((await focusOf(page)).description).toContain('on its way')
      expect(await places.server.mails(email)).toHaveLength(2)
      await end()
    })
  })

  it.each(['light', 'dark'] as const)(
    'its mails and its developers’ pages are good too, %s',
    async (colorScheme) => {
      const { email, end } = await openAtCode(phone)
      await end()
      for (const screen of [enlarged, desk]) {
        const window = await openWindow(places.browser, { ...screen, colorScheme })
        for (const path of ['/', '/dev/mail', '/api/client/v1']) {
          await window.page.goto(`${places.server.baseUrl}${path}`)
          await expectGood(window)
        }
        await expectGoodMail(window, email)
        expect(window.complaints).toEqual([])
        await window.end()
      }
    },
  )
})
