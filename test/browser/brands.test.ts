// Brands in a real browser: every one can be read, in light and dark, and its policy lets it through.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { describeWithBrowser, desk, openWindow, phone, startBrowser } from '../support/browser.ts'
import { type ConsoleServer, startConsole } from '../support/console.ts'
import { createRelyingParty } from '../support/relying-party.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { freshAddress } from '../support/sign-in-pages.ts'
import { expectGoodView } from '../support/views.ts'

const colours = {
  pleasant: {
    light: { accent: '#0b5fff', background: '#f4f7fc', text: '#0d1b33' },
    dark: { accent: '#7aa8ff', background: '#0a1324', text: '#e9f0ff' },
  },
  ugly: {
    light: { accent: '#ff00aa', background: '#8cff00', text: '#ffdd00' },
    dark: { accent: '#3a3a00', background: '#4b0082', text: '#aa5500' },
  },
  extreme: {
    light: { accent: '#ffffff', background: '#ffffff', text: '#fefefe' },
    dark: { accent: '#000000', background: '#000000', text: '#010101' },
  },
}
const logo = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 10"><rect width="60" height="10"/></svg>',
)

describeWithBrowser('a brand', () => {
  let server: TestServer
  let browser: Browser
  beforeAll(async () => {
    ;[server, browser] = await Promise.all([startServer(), startBrowser()])
  })
  afterAll(async () => {
    await browser.close()
    await server.stop()
  })

  it.each(Object.entries(colours))('that is %s can be read on every page', async (slug, given) => {
    const owner = await server.addOrganisation(slug)
    const act = { organisation: owner.organisation._id, by: { actor: 'opr_test' } }
    await server.brands.saveDraft(act, { colours: given, corners: 'round', font: 'rounded' })
    await server.brands.setPicture(act, 'logo', logo)
    await server.brands.publish(act, { adjust: true })
    const party = await createRelyingParty(owner, await owner.register())
    for (const screen of [phone, desk])
      for (const colorScheme of ['light', 'dark'] as const) {
        const window = await openWindow(browser, { ...screen, colorScheme })
        const { page, complaints } = window
        await page.goto((await party.authorize()).url.href)
        await expectGoodView(page)
        expect(
          await page
            .locator('img.logo')
            .evaluate((image) => (image as HTMLImageElement).naturalWidth),
        ).toBe(480)
        await page.fill('#email', freshAddress())
        await page.click('.primary')
        await page.fill('#code', '000000')
        await page.keyboard.press('Enter')
        await page.waitForSelector('[role=alert]')
        await expectGoodView(page)
        expect(complaints).toEqual([])
        await window.end()
      }
  })
})

describeWithBrowser('a preview', () => {
  let console: ConsoleServer
  beforeAll(async () => {
    console = await startConsole()
  })
  afterAll(() => console.stop())

  it('shows page and mail in a frame of the console, in their own colours and with their pictures', async () => {
    const { server } = console
    const act = { organisation: server.organisation._id, by: { actor: 'opr_test' } }
    await server.brands.saveDraft(act, { colours: colours.pleasant })
    await server.brands.setPicture(act, 'logo', logo)
    const { page, complaints, end } = await console.open()
    const api = `/admin/api/v1/organisations/${server.organisation.slug}/brand/preview`
    for (const [name, scheme, background] of [
      ['sign-in', 'light', 'rgb(244, 247, 252)'],
      ['code-mail', 'dark', 'rgb(10, 19, 36)'],
    ]) {
      const src = `${api}/${name}?scheme=${scheme}`
      await page.evaluate((address) => {
        const frame = document.createElement('iframe')
        frame.title = 'preview'
        frame.src = address
        frame.setAttribute('sandbox', '')
        document.body.append(frame)
      }, src)
      const body = page.frameLocator(`iframe[src="${src}"]`).locator('body')
      await body.locator('h1').waitFor()
      expect(await body.evaluate((element) => getComputedStyle(element).backgroundColor)).toBe(
        background,
      )
      const image = body.locator('img').first()
      expect(await image.evaluate((each: HTMLImageElement) => each.naturalWidth)).toBe(480)
    }
    // The page's field would take the focus; a frame that may do nothing may not do that either.
    expect(complaints.filter((each) => !each.startsWith('Blocked autofocusing'))).toEqual([])
    await end()
  })
})
