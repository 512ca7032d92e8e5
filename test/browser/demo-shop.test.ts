// The demo shop in a real Chromium: customers sign in on its pages, which are on another site than the issuer.

import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { describeWithBrowser, desk, openWindow, phone, startBrowser } from '../support/browser.ts'
import { button, heading } from '../support/demo-pages.ts'
import { newFolder } from '../support/folder.ts'
import { npmStart, type StartedServer } from '../support/program.ts'
import { freePort } from '../support/services/processes.ts'
import { expectGoodView } from '../support/views.ts'

describeWithBrowser('the demo shop', () => {
  const dataDir = newFolder('foyer-demo-shop-')
  let server: StartedServer
  let browser: Browser
  let shop: string

  beforeAll(async () => {
    const port = await freePort()
    server = await npmStart({ env: { DATA_DIR: dataDir, DEMO_SHOP_PORT: String(port) } })
    shop = `http://127.0.0.1:${port}`
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })

  async function signIn(page: Page, email: string): Promise<void> {
    await page.getByLabel('E-mail address').fill(email)
    await page.keyboard.press('Enter')
    await page.getByLabel(/digit code/).waitFor()
    await page.keyboard.type(await server.codeFor(email))
    await heading(page, /^Hello/).waitFor()
  }

  const visits = [
    ['the script tag: phone, light', '/', 'ana.dubois@example.com', phone, 'light'],
    ['the script tag: desk, dark', '/', 'dev.evans@example.com', desk, 'dark'],
    ['modules: phone, dark', '/module.html', 'marek.haddad@example.com', phone, 'dark'],
    ['modules: desk, light', '/module.html', 'vera.kaya@example.com', desk, 'light'],
  ] as const

  it.each(visits)('signs a customer in without leaving the page, with %s', async (...visit) => {
    const [, path, email, screen, colorScheme] = visit
    const { page, complaints, end } = await openWindow(browser, { ...screen, colorScheme })
    const visited: string[] = []
    page.on('framenavigated', (frame) => visited.push(frame.url()))
    await page.goto(`${shop}${path}`)
    await page.getByLabel('E-mail address').waitFor()
    await expectGoodView(page)

    await signIn(page, email)
    await page.getByRole('region', { name: 'Your bookings' }).getByRole('listitem').nth(2).waitFor()
    await expectGoodView(page)
    expect(visited).toEqual([`${shop}${path}`])
    expect(await page.context().cookies()).toEqual([])

    await page.reload()
    await heading(page, /^Hello/).waitFor()
    await button(page, 'Sign out').first().click()
    await page.getByLabel('E-mail address').waitFor()
    expect(complaints).toEqual([])
    await end()
  })

  it('has two pages that know the same customer, and a way into the portal without a code or a question', async () => {
    const { page, complaints, end } = await openWindow(browser, desk)
    await page.goto(`${shop}/`)
    await signIn(page, 'ana.dubois@example.com')
    await page.getByRole('link', { name: 'the workshop' }).click()
    await heading(page, /^Hello/).waitFor()
    await button(page, /^My account/).click()
    await page.waitForURL(`${server.baseUrl}/demo/account`)
    await page.getByText('ana.dubois@example.com').first().waitFor()
    expect(complaints).toEqual([])
    await end()
  })
})
