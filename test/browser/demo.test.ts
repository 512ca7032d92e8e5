// The demo application in a real Chromium, against a server that was started as `npm start` does.

import { rmSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import {
  type BrowserWindow,
  describeWithBrowser,
  desk,
  focusOf,
  openWindow,
  phone,
  routeOnce,
  startBrowser,
} from '../support/browser.ts'
import {
  button,
  heading,
  requests,
  returnTo,
  section,
  signIn,
  signOut,
  status,
  walkToPermission,
} from '../support/demo-pages.ts'
import { newFolder } from '../support/folder.ts'
import { npmStart, type StartedServer } from '../support/program.ts'
import { freshAddress } from '../support/sign-in-pages.ts'
import { expectGoodView } from '../support/views.ts'

const API = '**/api/client/v1/**'
const SAVE = 'PATCH /api/client/v1/profile'
const DISCOVERY = '**/.well-known/openid-configuration'

describeWithBrowser('the demo application', () => {
  let dataDir: string
  let server: StartedServer
  let browser: Browser

  beforeAll(async () => {
    dataDir = newFolder('foyer-demo-')
    server = await npmStart({ env: { DATA_DIR: dataDir } })
    browser = await startBrowser()
  }) // the first start builds the demo and unpacks the browser
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })

  const demo = (): string => `${server.baseUrl}/demo/`
  async function open(options: BrowserContextOptions = desk): Promise<BrowserWindow> {
    const window = await openWindow(browser, options)
    await window.page.goto(demo())
    return window
  }

  async function openSignedIn(): Promise<BrowserWindow> {
    const window = await open()
    await signIn(server, { page: window.page, email: freshAddress() })
    return window
  }

  /** Customers of the demo data who did more than fits on a page. */
  const visits = [
    ['phone, light', 'ana.dubois@example.com', { ...phone, colorScheme: 'light' }],
    ['phone, dark', 'dev.evans@example.com', { ...phone, colorScheme: 'dark' }],
    ['desk, light', 'marek.haddad@example.com', { ...desk, colorScheme: 'light' }],
    ['desk, dark', 'vera.kaya@example.com', { ...desk, colorScheme: 'dark' }],
  ] as const

  it.each(visits)('shows a customer what is theirs: %s', async (_name, email, options) => {
    const window = await open(options)
    const { page } = window
    await heading(page, 'Hire a bike').waitFor()
    await expectGoodView(page)

    await signIn(server, { page, email })
    const bookings = section(page, 'Bookings').getByRole('listitem')
    expect(await bookings.count()).toBe(4)
    await button(page, 'Show more bookings').click()
    await bookings.nth(4).waitFor()
    expect(await section(page, 'Orders').getByRole('listitem').count()).toBeGreaterThan(1)
    expect(await section(page, 'Enquiries').getByRole('listitem').count()).toBe(1)
    expect(await page.locator('.inspector').textContent()).toContain(email)
    await expectGoodView(page)

    await page.reload()
    await heading(page, /^Hello, /).waitFor()
    await signOut(page)
    await page.reload()
    await button(page, /^Sign in/).waitFor()
    expect(await page.getByRole('status').count()).toBe(0)
    expect(window.complaints).toEqual([])
    await window.end()
  })

  describe('for somebody who does not sign in', () => {
    it.each(['at once', 'when asked for permission'])('is kind: %s', async (moment) => {
      const { page, end, complaints } = await open()
      if (moment === 'at once') await button(page, /^Sign in/).click()
      else await walkToPermission(server, { page, email: freshAddress() })
      await button(page, 'Cancel').click()
      const notice = status(page, 'Nothing was shared')
      await notice.waitFor()
      expect(await notice.evaluate((element) => element === document.activeElement)).toBe(true)
      expect(page.url()).toBe(demo())
      await expectGoodView(page)
      expect(complaints).toEqual([])
      await end()
    })

    it('works again after "back", even for the impatient', async () => {
      const { page, end } = await open()
      await button(page, /^Sign in/).click()
      await page.getByLabel('E-mail address').waitFor()
      await page.goBack()
      await button(page, /^Sign in/).dblclick()
      await page.getByLabel('E-mail address').waitFor()
      await end()
    })
  })

  describe('a customer who is signed in', () => {
    let cookies: BrowserContextOptions
    let window: BrowserWindow
    let page: Page

    beforeAll(async () => {
      const first = await openSignedIn()
      cookies = { storageState: await first.page.context().storageState() }
      await first.end()
    })
    beforeEach(async () => {
      window = await open({ ...desk, ...cookies })
      page = window.page
      await returnTo(page)
    })
    afterEach(() => window.end())

    it('changes the profile, and is told which field is wrong', async () => {
      const phoneField = page.getByLabel('Phone')
      await phoneField.fill('12')
      await button(page, 'Save').click()
      await page.locator('#phone:focus').waitFor()
      expect(await focusOf(page)).toEqual({
        id: 'phone',
        description: expect.stringContaining('+44'),
      })
      await expectGoodView(page)

      await page.getByLabel('Given name').fill('Robin')
      await phoneField.fill('+44 20 7946 0123')
      await button(page, 'Save').click()
      await status(page, 'Saved').waitFor()
      await page.reload()
      await heading(page, 'Hello, Robin').waitFor()
      expect(await phoneField.inputValue()).toBe('+442079460123')
    })

    it('has no token where another script could find it later', async () => {
      const kept = await page.evaluate(() => ({ ...sessionStorage, ...localStorage }))
      expect(kept).toEqual({ 'bayside.was-signed-in': 'yes' })
      expect(page.url()).toBe(demo())
    })

    it('stays signed in after a reload, which "back" does not lead into', async () => {
      const steps = () => page.evaluate(() => history.length)
      const before = await steps()
      // Late enough that the browser would count the way to the provider as one of the person's steps.
      await page.route(DISCOVERY, async (route) => {
        await page.waitForLoadState()
        await route.continue()
      })
      await page.reload()
      await heading(page, /^Hello/).waitFor()
      expect(await steps()).toBe(before)
      expect(window.complaints).toEqual([])
    })

    it('gets new tokens on demand, and is shown the requests', async () => {
      expect(await requests(page)).toEqual([
        ...['enquiries', 'orders', 'bookings'].map((name) => `GET /api/client/v1/${name}?limit=4`),
        'GET /api/client/v1/profile',
        'POST /oauth/token',
        'GET /.well-known/openid-configuration',
      ])
      await button(page, 'Refresh tokens').click()
      await status(page, 'New tokens').waitFor()
      expect((await requests(page))[0]).toBe('POST /oauth/token')
    })

    it('gets new tokens before the old ones end, once for many calls', async () => {
      await page.clock.setSystemTime(Date.now() + 59 * 60_000)
      await page.evaluate(() => {
        for (const form of [...document.forms, ...document.forms]) form.requestSubmit()
      })
      await status(page, 'Saved').waitFor()
      expect((await requests(page)).slice(0, 3)).toEqual([SAVE, SAVE, 'POST /oauth/token'])
    })

    it('gets new tokens when the API refuses the old ones, and goes on', async () => {
      const refusal = { success: false, error: 'Invalid or expired token' }
      await routeOnce(page, API, (route) => route.fulfill({ status: 401, json: refusal }))
      await button(page, 'Save').click()
      await status(page, 'Saved').waitFor()
      expect((await requests(page)).slice(0, 3)).toEqual([SAVE, 'POST /oauth/token', SAVE])
    })

    it('has two tabs that do not disturb each other', async () => {
      const other = await page.context().newPage()
      await other.goto(demo())
      await returnTo(other)
      const tabs = [page, other]
      await Promise.all(tabs.map((tab) => button(tab, 'Refresh tokens').click()))
      await Promise.all(tabs.map((tab) => status(tab, 'New tokens').waitFor()))
      await Promise.all(tabs.map((tab) => tab.reload()))
      await Promise.all(tabs.map((tab) => heading(tab, /^Hello/).waitFor()))
    })

    it('is told when the session has ended, after a reload', async () => {
      await page.context().clearCookies()
      await page.reload()
      await status(page, 'Your session has ended').waitFor()
    })

    it('is told when the API is away, and can try again', async () => {
      await page.route(API, (route) => route.abort())
      await page.reload()
      const bookings = section(page, 'Bookings')
      await bookings.getByText('cannot be reached').waitFor()
      await expectGoodView(page)
      await page.unroute(API)
      await bookings.getByRole('button', { name: 'Try again' }).click()
      await bookings.getByText('No bookings').waitFor()
    })
  })

  describe('when a customer signs out', () => {
    it('says so in another tab', async () => {
      const { page, end } = await openSignedIn()
      const other = await page.context().newPage()
      await other.goto(demo())
      await returnTo(other)
      await signOut(other)
      await button(page, 'Refresh tokens').click()
      await status(page, 'Your session has ended').waitFor()
      await button(page, /^Sign in/).click()
      await page.getByLabel('E-mail address').waitFor()
      await end()
    })

    it('knows that they stayed after all', async () => {
      const { page, end } = await openSignedIn()
      // Asked without proof of who asks: then the customer is.
      const query = new URLSearchParams({ client_id: 'demo', post_logout_redirect_uri: demo() })
      await page.goto(`${new URL(demo()).origin}/oauth/logout?${query}`)
      await button(page, 'Stay signed in').click()
      await heading(page, /^Hello/).waitFor()
      expect(page.url()).toBe(demo())
      await end()
    })
  })

  it('says when the provider is away, and offers to try again', async () => {
    const { page, end } = await openWindow(browser, phone)
    await page.route(DISCOVERY, (route) => route.abort())
    await page.goto(demo())
    await heading(page, 'We cannot open').waitFor()
    await expectGoodView(page)
    await page.unroute(DISCOVERY)
    await page.getByRole('link', { name: 'Try again' }).click()
    await button(page, /^Sign in/).waitFor()
    await end()
  })
})
