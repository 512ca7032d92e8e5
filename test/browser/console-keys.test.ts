// The console's signing keys, in a real Chromium on the whole server: looked at, rotated, withdrawn.

import { expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { describeWithBrowser } from '../support/browser.ts'
import { consoleForTest, type Visit } from '../support/console.ts'
import { eventually } from '../support/eventually.ts'
import { expectGoodPage } from '../support/views.ts'

describeWithBrowser('signing keys in the console', () => {
  const console = consoleForTest()
  let page: Page

  async function open(visit: Visit = {}): Promise<void> {
    page = await console.visit('/keys', visit)
    await page.getByRole('table', { name: 'Signing keys' }).waitFor()
  }

  const dialog = () => page.getByRole('dialog')
  const rows = (state: string) =>
    page.getByRole('row').filter({ has: page.getByText(state, { exact: true }) })

  async function published(): Promise<string[]> {
    const response = await fetch(`${console.server.baseUrl}/oauth/jwks`)
    const { keys } = (await response.json()) as { keys: { kid: string }[] } // RFC 7517, 5
    return keys.map(({ kid }) => kid)
  }

  it('are rotated: the next ones are published beside those that sign', async () => {
    await open()
    await rows('Current').first().waitFor()
    await expectGoodPage(page)
    const before = await rows('Current').count()
    expect(await rows('Next').count()).toBe(0)
    await page.getByRole('button', { name: 'Rotate' }).press('Enter')
    await dialog().getByRole('heading', { name: 'Rotate the signing keys?' }).waitFor()
    await page.keyboard.press('Enter') // a key too many answers nothing
    expect(await page.locator('h2:focus').textContent()).toBe('Rotate the signing keys?')
    await expectGoodPage(page)
    await dialog().getByRole('button', { name: 'Rotate' }).click()
    await rows('Next').first().waitFor()
    expect(await rows('Current').count()).toBe(before)
    await expectGoodPage(page)
    const next = await rows('Next').locator('code').allTextContents()
    await eventually(async () => {
      expect(await published()).toEqual(expect.arrayContaining(next))
    })
  })

  it('are withdrawn, once what breaks was said and the slug typed', async () => {
    const old = await published()
    await open()
    await page.getByRole('button', { name: 'Withdraw all keys' }).click()
    await page.locator('#field-confirmed-name:focus').waitFor()
    const heard = (await dialog().getAttribute('aria-describedby')) ?? ''
    expect(await page.locator(`[id="${heard}"]`).textContent()).toContain('Access tokens.')
    await dialog().getByRole('button', { name: 'Withdraw all keys' }).click()
    const { slug } = console.server.organisation
    await dialog().getByText(`Type ${slug}, exactly`).waitFor()
    expect(await published()).toEqual(old)
    await dialog().getByLabel(`Type “${slug}” to confirm`).fill(slug)
    await expectGoodPage(page)
    await dialog().getByRole('button', { name: 'Withdraw all keys' }).click()
    await dialog().waitFor({ state: 'detached' })
    await page.getByText(old[0] ?? '').waitFor({ state: 'detached' })
    await eventually(async () => {
      expect((await published()).filter((kid) => old.includes(kid))).toEqual([])
    })
  })

  it('are only looked at by an editor', async () => {
    await open({ role: 'editor' })
    expect(await page.getByRole('button', { name: /Rotate|Withdraw/ }).count()).toBe(0)
    await expectGoodPage(page)
  })
})
