// Branding in the console, in a real Chromium: from a colour that nobody could read to a version, and back.

import { expect, it } from '@jest/globals'
import type { Locator, Page } from 'playwright-core'
import sharp from 'sharp'
import { programOf } from '../support/admin-api.ts'
import { describeWithBrowser, focusOf } from '../support/browser.ts'
import { consoleForTest, heading } from '../support/console.ts'
import { expectGoodPage } from '../support/views.ts'

// A page in a frame without scripts does not take the focus; and pictures were refused, which was the point.
const running = consoleForTest((complaint) => /^Blocked autofocusing| 422 /.test(complaint))

const group = (page: Page, name: string): Locator => page.getByRole('group', { name, exact: true })
const accent = (page: Page): Locator =>
  group(page, 'On light pages').getByLabel('Accent', { exact: true })

/** The page in the frame, once this is the colour of its button. */
const buttonOf = (page: Page): Locator =>
  page.frameLocator('.screen iframe:not(.coming)').locator('button').first()
const colourOf = (element: Locator): Promise<string> =>
  element.evaluate((each) => getComputedStyle(each).backgroundColor)

/** A page of the issuer: any of them wears the brand. */
async function customersSee(): Promise<string> {
  const headers = { accept: 'text/html' }
  return (await fetch(`${running.server.baseUrl}/oauth/authorize`, { headers })).text()
}

async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByRole('button', { name: 'Publish …' }).waitFor()
}

describeWithBrowser('branding', () => {
  it('shows what is entered, says what cannot be read, and publishes what can', async () => {
    const page = await running.visit('/branding', { role: 'editor' })
    await buttonOf(page).waitFor()
    await expectGoodPage(page)
    await accent(page).fill('#FFD400')
    await group(page, 'On light pages')
      .getByLabel('Text on the button', { exact: true })
      .fill('fff')
    await page.getByText(/^1\.\d+:1 on the button: too faint/).waitFor()
    expect((await focusOf(page)).description).toContain('too faint') // said at the field
    await page.locator('.screen iframe:not(.coming)[src*="ffd400"]').waitFor()
    expect(await colourOf(buttonOf(page))).toBe('rgb(255, 212, 0)')
    await expectGoodPage(page)

    await page.getByRole('button', { name: /^Text on the button: use #/ }).click()
    await page.getByText(/on the button: too faint/).waitFor({ state: 'detached' })
    await page.getByText(/on the background: too faint/).waitFor()
    await save(page)
    await page.getByRole('button', { name: 'Publish …' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/links on the background of light pages/).waitFor()
    await expectGoodPage(page)
    await dialog.getByRole('button', { name: 'Publish with these colours' }).click()
    await page.getByText('Shown now').waitFor()
    await page.getByRole('cell', { name: 'editor@example.com' }).waitFor()
    expect(await customersSee()).toContain('--accent: #ffd400;')
  })

  it('draws the mail, other languages, and dark pages on a large screen', async () => {
    const page = await running.visit('/branding', { role: 'viewer' })
    await page.getByLabel('Code mail').check()
    await page.locator('.subject', { hasText: /\d{6}/ }).waitFor()
    await page.getByLabel('Language').selectOption('de')
    await page.getByLabel('Dark', { exact: true }).check()
    await page.getByLabel('Desktop').check()
    const frame = page.locator('.screen.desktop iframe:not(.coming)[src*="scheme=dark"]')
    await frame.waitFor()
    expect(await frame.contentFrame().locator('html').getAttribute('lang')).toBe('de')
    await expectGoodPage(page)
    // Who may only look is offered nothing else.
    for (const name of [/Publish/, /Upload/, /Save/])
      expect(await page.getByRole('button', { name }).count()).toBe(0)
    expect(await page.getByRole('group', { name: 'On light pages' }).count()).toBe(0)
  })

  it('takes pictures, and says of others why not', async () => {
    const page = await running.visit('/branding', { role: 'editor' })
    const choose = async (name: string, mimeType: string, buffer: Buffer): Promise<void> => {
      const chooser = page.waitForEvent('filechooser')
      await page.getByRole('button', { name: /: Logo$/ }).click()
      await (await chooser).setFiles({ name, mimeType, buffer })
    }
    await choose('logo.txt', 'text/plain', Buffer.from('a logo'))
    await page.getByText('This is no PNG, JPEG, WebP or SVG.').waitFor()
    await choose('logo.png', 'image/png', Buffer.alloc(1024 * 1024 + 1))
    await page.getByText('This is larger than 1 MB.').waitFor()
    const outside =
      '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'
    await choose('logo.svg', 'image/svg+xml', Buffer.from(outside))
    await page.getByText(/This picture must be an SVG .* without entities/).waitFor()
    const create = { width: 240, height: 64, channels: 3, background: '#0b5fff' } as const
    await choose('logo.png', 'image/png', await sharp({ create }).png().toBuffer())
    const image = page.getByRole('img', { name: 'Logo, as it is in the draft' })
    await image.waitFor()
    await page.waitForFunction(() => (document.querySelector('img')?.naturalWidth ?? 0) > 0)
    await buttonOf(page).waitFor()
    await page.frameLocator('.screen iframe:not(.coming)').locator('img').waitFor()
    await expectGoodPage(page)
    await page.getByRole('button', { name: 'Remove: Logo', exact: true }).click()
    await image.waitFor({ state: 'detached' })
  })

  it('tells who is overtaken by somebody else, and lets them keep theirs', async () => {
    const page = await running.visit('/branding', { role: 'editor' })
    await accent(page).fill('#663399')
    const program = await programOf(running.server, { role: 'platform-owner' })
    const at = `/organisations/${running.server.organisation.slug}/brand`
    const { data } = await program<{ draft: { colours: object; corners: string; font: string } }>(
      'GET',
      at,
    )
    const { colours, font } = data.draft
    await program('PUT', `${at}/draft`, { body: { colours, font, corners: 'square' } })
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page
      .locator(':focus')
      .getByText(/Somebody else has changed this draft/)
      .waitFor()
    await expectGoodPage(page)
    await page.getByRole('button', { name: 'Keep mine' }).click()
    await save(page)
    const after = await program<{ draft: { colours: { light: { accent: string } } } }>('GET', at)
    expect(after.data.draft.colours.light.accent).toBe('#663399')
  })

  it('goes back to an older version', async () => {
    const program = await programOf(running.server, { role: 'platform-owner' })
    const at = `/organisations/${running.server.organisation.slug}/brand`
    const { data } = await program<{ number: number }>('POST', `${at}/versions`, {
      body: { adjust: true },
    })
    const { number } = data
    const page = await running.visit('/branding', { role: 'editor' })
    const before = await accent(page).inputValue()
    await accent(page).fill('#0b5fff')
    await save(page)
    await page.getByRole('button', { name: 'Publish …' }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Publish/ })
      .click()
    await heading(page, 'Branding').waitFor()
    await page.getByText(`Customers see version ${number + 1}`).waitFor()
    await page.getByRole('button', { name: `Publish again: version ${number}` }).press('Enter')
    await expectGoodPage(page)
    await page.getByRole('button', { name: 'Publish it again' }).click()
    await page.getByText(`Customers see version ${number + 2}`).waitFor()
    await page.getByText(`(version ${number} again)`).waitFor()
    expect(await customersSee()).toContain(`--accent: ${before};`)
  })
})
