// What the console's pages are made of, in a real Chromium: by keyboard, for screen readers, when something goes wrong.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Browser, Page, Route } from 'playwright-core'
import { ownFilesOnly } from '../../src/http/front-end.ts'
import {
  type BrowserWindow,
  describeWithBrowser,
  desk,
  focusOf,
  openWindow,
  startBrowser,
} from '../support/browser.ts'
import { runProgram } from '../support/program.ts'
import { expectGoodPage } from '../support/views.ts'

const ORIGIN = 'http://localhost:3999' // nothing listens there: every request is answered below
const types: { [ending: string]: string } = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
}

type Sent = { method: string; headers: { [name: string]: string }; body: unknown }

describeWithBrowser("the console's kit", () => {
  const dist = mkdtempSync(join(tmpdir(), 'foyer-kit-'))
  let browser: Browser
  let window: BrowserWindow
  let page: Page
  /** What the page wrote, the newest first. */
  let sent: Sent[]
  let kept: object
  /** In place of the next answer to a write. */
  let refusal: { status: number; json: object; headers?: { [name: string]: string } } | undefined

  beforeAll(async () => {
    const args = ['build', 'test/support/console-kit', '--config', 'apps/admin/vite.config.ts']
    const built = await runProgram('node_modules/vite/bin/vite.js', {
      args: [...args, '--outDir', dist, '--emptyOutDir', '--logLevel', 'error'],
    })
    expect(built).toMatchObject({ code: 0 })
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(dist, { recursive: true, force: true })
  })

  beforeEach(async () => {
    sent = []
    refusal = undefined
    kept = { name: 'Shop', zone: 'UTC', asks: false, kind: 'web', scopes: ['read'] }
    window = await openWindow(browser, {
      ...desk,
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    page = window.page
    await page.route('**/*', (route) => answer(route))
    await page.goto(`${ORIGIN}/admin/`)
    await page.getByLabel('Name').waitFor()
    await page.getByRole('link', { name: 'Thing 1' }).waitFor()
  })
  afterEach(async () => {
    expect(window.complaints).toEqual([])
    await window.end()
  })

  async function answer(route: Route): Promise<void> {
    const request = route.request()
    const { pathname, searchParams } = new URL(request.url())
    if (pathname === '/admin/api/v1/things') return route.fulfill({ json: things(searchParams) })
    if (pathname === '/admin/api/v1/thing') return thing(route)
    const file = pathname.slice('/admin/'.length) || 'index.html'
    await route.fulfill({
      body: readFileSync(join(dist, file), 'utf8'),
      headers: {
        'content-type': types[extname(file)] ?? '',
        'content-security-policy': ownFilesOnly,
      },
    })
  }

  async function thing(route: Route): Promise<void> {
    const request = route.request()
    const headers = { etag: `"${sent.length}"` }
    if (request.method() === 'GET')
      return route.fulfill({ headers, json: { success: true, data: kept } })
    sent.unshift({
      method: request.method(),
      headers: request.headers(),
      body: request.postDataJSON(),
    })
    if (refusal) return route.fulfill(refusal)
    kept = { ...kept, ...request.postDataJSON() }
    await route.fulfill({ headers, json: { success: true, data: kept } })
  }

  function things(query: URLSearchParams): object {
    const at = Number(query.get('cursor') ?? 0)
    const items = [1, 2].map((number) => ({
      id: `thing-${at + number}`,
      name: `Thing ${at + number}`,
      made_at: '2026-11-21T09:30:00.000Z',
      count: number,
    }))
    const found = items.filter(({ name }) => name.includes(query.get('q') ?? ''))
    return { success: true, data: { items: found, next_cursor: at < 4 ? String(at + 2) : null } }
  }

  const button = (name: string | RegExp) => page.getByRole('button', { name })
  const spoken = (text: string) => page.getByRole('status').filter({ hasText: text })

  it('is good for everybody, in light and dark, at every width', async () => {
    await expectGoodPage(page)
    await button('Delete the shop').click()
    await expectGoodPage(page)
  })

  describe('a form', () => {
    it('says that something is not saved, saves what was read, and takes over the answer', async () => {
      await page.getByLabel('Name').fill('Boutique')
      await page.getByText('changes that are not saved').waitFor()
      await button('Save').click()
      await spoken('Saved.').waitFor()
      expect(sent[0]).toMatchObject({ method: 'PATCH', body: { name: 'Boutique', zone: 'UTC' } })
      expect(sent[0]?.headers['if-match']).toBe('"0"')
      expect(await page.getByText('changes that are not saved').count()).toBe(0)
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
    })

    it.each([1440, 900, 390])(
      'says so where it covers nothing that saves the next change, in a window of %i px',
      async (width) => {
        await page.setViewportSize({ width, height: 480 }) // what saves is at its lower edge
        await page.getByLabel('Name').fill('Boutique')
        await button('Save').click()
        await page.locator('.notices').getByText('Saved.').waitFor()
        await page.getByLabel('Name').fill('Boutiques')
        await button('Save').waitFor()
        const covered = await page.locator('.unsaved-bar button').evaluateAll((buttons) =>
          buttons.flatMap((each) => {
            const { left, right, top, bottom } = each.getBoundingClientRect()
            const middle = (top + bottom) / 2
            const points = [left + 4, right - 4].map((x) => [x, middle] as const)
            return points.filter(([x, y]) => !each.contains(document.elementFromPoint(x, y)))
          }),
        )
        expect(covered).toEqual([])
        expect(await spoken('Saved.').count()).toBe(1)
      },
    )

    it('refuses at the field what it knows to be wrong, and sends nothing', async () => {
      await page.getByLabel('Name').fill('')
      await button('Save').click()
      const link = page.getByRole('alert').getByRole('link', { name: 'Give it a name.' })
      await page.locator('[role=alert]:focus').waitFor()
      await link.press('Enter')
      expect(await focusOf(page)).toMatchObject({ id: 'field-name' })
      expect((await focusOf(page)).description).toContain('Give it a name.')
      expect(sent).toEqual([])
      await expectGoodPage(page)
    })

    it('shows what the API refused, with the request id, and keeps what was entered', async () => {
      refusal = {
        status: 422,
        headers: { 'x-request-id': '7kq4-m2xd-9p3w' },
        json: {
          success: false,
          error: 'Some fields are wrong',
          code: 'invalid_fields',
          details: [{ path: 'name', message: 'This name is taken.' }],
        },
      }
      await page.getByLabel('Name').fill('Till')
      await button('Save').click()
      await page.getByRole('link', { name: 'This name is taken.' }).waitFor()
      await page.getByText('7kq4-m2xd-9p3w').waitFor()
      expect(await page.getByLabel('Name').getAttribute('aria-invalid')).toBe('true')
      expect(await page.getByLabel('Name').inputValue()).toBe('Till')
      await page.getByLabel('Name').fill('Tills')
      expect(await page.getByLabel('Name').getAttribute('aria-invalid')).toBeNull()
    })

    it('discards, by keyboard alone, and every control takes its keys', async () => {
      await page.getByLabel('Asks').press('Space')
      await page.getByRole('radio', { name: /^web/ }).press('ArrowDown')
      await page.getByRole('checkbox', { name: 'write' }).press('Space')
      expect(await page.getByRole('radio', { name: /^native/ }).isChecked()).toBe(true)
      await button('Discard').press('Enter')
      expect(await page.getByLabel('Asks').isChecked()).toBe(false)
      expect(await page.getByRole('radio', { name: /^web/ }).isChecked()).toBe(true)
    })

    it('keeps what was entered when the session has ended, and says how to go on', async () => {
      refusal = { status: 401, json: { success: false, error: 'Nobody is signed in' } }
      await page.getByLabel('Name').fill('Till')
      await button('Save').click()
      await spoken('What you entered is still here').waitFor()
      const [bar, banner] = await Promise.all(
        ['.unsaved-bar', '.banners'].map((place) => page.locator(place).boundingBox()),
      )
      if (!bar || !banner) throw new Error('both are shown')
      expect(bar.y + bar.height).toBeLessThanOrEqual(banner.y) // what saves it is not covered
      expect(await page.getByLabel('Name').inputValue()).toBe('Till')
      await expectGoodPage(page)
      const link = page.getByRole('link', { name: 'sign in in a new tab' })
      expect(await link.getAttribute('href')).toBe('/admin/sign-in?return_to=%2Fadmin%2F')
      refusal = undefined
      await button('Save').click()
      await spoken('Saved.').waitFor()
      await spoken('Your session has ended').waitFor({ state: 'detached' })
    })

    it('asks before a link leads away from what was not saved', async () => {
      await page.getByLabel('Name').fill('Till')
      const questions: string[] = []
      page.once('dialog', (dialog) => {
        questions.push(dialog.message())
        return dialog.dismiss()
      })
      await page.getByRole('link', { name: 'Above' }).click()
      expect(questions).toEqual(['Leave without saving your changes?'])
      expect(page.url()).toBe(`${ORIGIN}/admin/`)
      expect(await page.getByLabel('Name').inputValue()).toBe('Till')
      await button('Discard').click()
    })
  })

  describe('a secret that is shown once', () => {
    it('is not closed by Escape or a click beside it, and gives the focus back', async () => {
      await button('Make a secret').click()
      const dialog = page.getByRole('dialog', { name: 'The new secret' })
      await dialog.waitFor()
      for (const _ of [1, 2, 3]) await page.keyboard.press('Escape')
      await page.mouse.click(5, 5)
      await button('Copy the secret').click()
      await spoken('Copied the secret.').waitFor()
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('fys_not_a_real_one')
      await button('I have stored it').click()
      await dialog.waitFor({ state: 'detached' })
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Make a secret')
    })
  })

  describe('a deletion', () => {
    it('happens only when the name was typed', async () => {
      await button('Delete the shop').click()
      await page.getByLabel('Type “Shop” to confirm').fill('shop')
      await button(/^Delete$/).click()
      expect(await focusOf(page)).toMatchObject({ id: 'field-confirmed-name' })
      expect((await focusOf(page)).description).toContain('exactly as it stands')
      await page.keyboard.press('ControlOrMeta+a')
      await page.keyboard.type('Shop')
      await page.keyboard.press('Enter')
      await spoken('Deleted.').waitFor()
    })

    it('is left by Escape, without a trace of what was typed', async () => {
      await button('Delete the shop').click()
      await page.getByLabel('Type “Shop” to confirm').fill('Sho')
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await button('Delete the shop').click()
      expect(await page.getByLabel('Type “Shop” to confirm').inputValue()).toBe('')
    })
  })

  describe('a list', () => {
    it('keeps its filter and its page in the address', async () => {
      await page.getByLabel('Search things').fill('Thing')
      await page.waitForURL('**/admin?q=Thing')
      await page.getByRole('link', { name: 'Next' }).click()
      await page.getByRole('link', { name: 'Thing 3' }).waitFor()
      await page.reload()
      await page.getByRole('link', { name: 'Thing 3' }).waitFor()
      expect(await page.getByLabel('Search things').inputValue()).toBe('Thing')
      await page.getByRole('link', { name: 'Next' }).click()
      await page.getByRole('link', { name: 'Previous' }).click()
      await page.getByRole('link', { name: 'Thing 3' }).waitFor()
      await page.getByRole('link', { name: 'First page' }).click()
      await page.getByRole('link', { name: 'Thing 1' }).waitFor()
    })

    it('says when nothing fits, and shows everything again', async () => {
      await page.getByLabel('Search things').fill('zebra')
      await spoken('Nothing fits').waitFor()
      await button('Show everything').click()
      await page.getByRole('link', { name: 'Thing 1' }).waitFor()
    })
  })

  it('goes from tab to tab with the arrow keys', async () => {
    await page.getByRole('tab', { name: 'curl' }).press('ArrowRight')
    expect(await page.getByRole('tabpanel').textContent()).toContain('Spring says')
    await page.keyboard.press('ArrowRight')
    expect(await page.getByRole('tab', { name: 'curl' }).getAttribute('aria-selected')).toBe('true')
  })

  it('has the numbers of a chart as a table, too', async () => {
    const chart = page.getByRole('figure', { name: /^Sign-ins per day: 3 in 3 days/ })
    await chart.getByText('As a table').click()
    expect(await chart.getByRole('row').count()).toBe(4)
  })
})
