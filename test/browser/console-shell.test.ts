// The console's shell in a real Chromium, on the whole server: the way in and out, around, and what it says when something is wrong.

import { describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { describeWithBrowser, openWindow, phone } from '../support/browser.ts'
import { consoleForTest, heading, signIn, titled, type Visit } from '../support/console.ts'
import { expectGoodPage } from '../support/views.ts'

const API = '**/admin/api/v1/**'

describeWithBrowser('the console', () => {
  // Chromium notes what a test had fail.
  const console = consoleForTest((complaint) =>
    /status of 5|ERR_FAILED|INTERNET_DISCONNECTED|dynamically/.test(complaint),
  )
  let page: Page

  async function open(path = '', visit: Visit = {}): Promise<void> {
    page = await console.visit(path, visit)
  }

  const button = (name: string | RegExp) => page.getByRole('button', { name })
  const status = (text: string) => page.getByRole('status').filter({ hasText: text })
  const focused = () => page.evaluate(() => document.activeElement?.textContent)

  it('leads who is not signed in to sign-in before it is loaded, and back to the page that was asked for', async () => {
    const { server, browser } = console
    const deep = { email: 'deep@example.com', role: 'viewer' }
    await server.operators.add(server.organisation._id, deep, { actor: 'command-line' })
    const window = await openWindow(browser)
    page = window.page
    const asked = console.at('?from=a-mail')
    const loaded: string[] = []
    page.on('request', (request) => loaded.push(new URL(request.url()).pathname))
    await page.goto(asked)
    await page.getByLabel('E-mail address').waitFor()
    expect(loaded).toContain('/admin/sign-in')
    expect(loaded).not.toContainEqual(expect.stringMatching(/assets|session|api/))
    await signIn(server, page, 'deep@example.com')
    expect(page.url()).toBe(asked)
    expect(window.complaints).toEqual([])
    await window.end()
  })

  it('is good for everybody, and complains of nothing', async () => {
    await open()
    await page.getByText('Issuer', { exact: true }).waitFor()
    await titled(page, `Overview · ${console.server.organisation.name}`)
    const here = page.getByRole('navigation', { name: 'Sections' }).locator('[aria-current=page]')
    expect(await here.textContent()).toBe('Overview')
    await expectGoodPage(page)
  })

  it('keeps no token and no address where a script could find it', async () => {
    await open()
    const kept = await page.evaluate(() => ({ ...localStorage, ...sessionStorage }))
    expect(kept).toEqual({ 'console.organisation': console.server.organisation.slug })
    expect(await page.evaluate(() => document.cookie)).toBe('')
  })

  it('says that it comes while its script is on its way, which is sent compressed', async () => {
    await open()
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>()
    const sent = page.waitForResponse('**/assets/index-*.js')
    await page.route('**/assets/index-*.js', async (route) => {
      await held
      await route.continue()
    })
    await page.reload({ waitUntil: 'commit' })
    const words = page.getByText('Loading …')
    await words.waitFor()
    letGo()
    expect(await (await sent).headerValue('content-encoding')).toBe('gzip')
    await heading(page, 'Overview').waitFor()
    expect(await words.count()).toBe(0)
  })

  it('lets the keyboard skip to the content', async () => {
    await open()
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Skip to the content')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content')
    expect(await heading(page, 'Overview').count()).toBe(1)
  })

  it('goes to another organisation, which it remembers', async () => {
    const { server } = console
    const { organisation } = await server.addOrganisation('acme')
    const owner = { email: 'owner@example.com', role: 'owner' }
    await server.operators.add(organisation._id, owner, { actor: 'command-line' })
    await open()
    await button(/^Organisation/).click()
    await page.getByRole('link', { name: 'The acme' }).click()
    await page.waitForURL('**/admin/o/acme')
    await page.waitForFunction(() => document.title === 'Overview · The acme')
    expect(await focused()).toBe('Overview')
    await page.getByText(`${console.server.baseUrl}/o/acme`, { exact: true }).waitFor()
    await page.goto(`${console.server.baseUrl}/admin/`)
    await page.waitForURL('**/admin/o/acme')
  })

  it('finds by Ctrl-K and the arrow keys, and gives the focus back', async () => {
    await open('/nothing')
    await button('Search').focus()
    await page.keyboard.press('Control+k')
    const field = page.getByRole('combobox', { name: 'Search' })
    await page.keyboard.type('zebra')
    await status('Nothing fits').waitFor()
    await expectGoodPage(page)
    await page.keyboard.press('Escape')
    expect(await focused()).toContain('Search')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('over')
    const found = page.getByRole('option', { name: 'Overview' })
    await found.waitFor()
    expect(await field.getAttribute('aria-activedescendant')).toBe(await found.getAttribute('id'))
    await page.keyboard.press('Enter')
    await heading(page, 'Overview').waitFor()
    expect(await focused()).toBe('Overview')
  })

  it('finds what the sections look for, and goes there with one key', async () => {
    await console.server.register({ name: 'Zeppelin desk' })
    await open()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('zepp')
    await page.getByRole('option', { name: 'Zeppelin desk' }).waitFor()
    await status('1 found').waitFor()
    await page.keyboard.press('Enter')
    await heading(page, 'Zeppelin desk').waitFor()
    await titled(page, `Zeppelin desk · ${console.server.organisation.name}`)
  })

  it('opens its sections from the bar of a phone', async () => {
    await open('/nothing', phone)
    await button('Sections').tap()
    await page.getByRole('link', { name: 'Overview', exact: true }).tap()
    await heading(page, 'Overview').waitFor()
    expect(await page.locator('#sections:popover-open').count()).toBe(0)
  })

  describe('when there is nothing to show', () => {
    it('says that there is nothing at an address, and leads home', async () => {
      await open('/nothing')
      await heading(page, 'Nothing here').waitFor()
      await expectGoodPage(page)
      await page.getByRole('link', { name: /^To the overview/ }).click()
      await heading(page, 'Overview').waitFor()
    })

    it('does the same for an organisation in which the operator is nobody', async () => {
      await open('', { role: 'viewer' })
      await page.goto(`${console.server.baseUrl}/admin/o/acme`)
      await heading(page, 'Nothing here').waitFor()
    })

    it('tells who is no operator that they have no access, and lets them out', async () => {
      await open('', { role: 'none' })
      await heading(page, 'You are not an operator here').waitFor()
      await expectGoodPage(page)
      await button('Sign out').click()
      await page.waitForURL('**/admin/signed-out')
    })
  })

  describe('when something is wrong', () => {
    it('says what, with the request id, and tries again', async () => {
      await open()
      await page.route(API, (route) =>
        route.fulfill({
          status: 500,
          headers: { 'x-request-id': '7kq4-m2xd-9p3w' },
          json: { success: false, error: 'Something went wrong', code: 'internal' },
        }),
      )
      await page.reload()
      await heading(page, 'This did not work').waitFor()
      await page.getByText('7kq4-m2xd-9p3w').waitFor()
      await expectGoodPage(page)
      await page.unroute(API)
      await button('Try again').click()
      await heading(page, 'Overview').waitFor()
    })

    it('says so when a page cannot be fetched', async () => {
      await open('/nothing')
      await page.route('**/assets/overview-*.js', (route) => route.abort())
      await page.getByRole('link', { name: /^To the overview/ }).click()
      await heading(page, 'This did not work').waitFor()
      await page.unroute('**/assets/overview-*.js')
      await button('Try again').click()
      await heading(page, 'Overview').waitFor()
    })

    it('says that the browser is offline, and when it is not any more', async () => {
      await open()
      await page.context().setOffline(true)
      await status('You are offline').waitFor()
      await expectGoodPage(page)
      await page.context().setOffline(false)
      await status('You are offline').waitFor({ state: 'detached' })
    })

    it('leads to sign-in when the session has ended, and speaks of nothing entered on the way', async () => {
      await open()
      await page.context().clearCookies()
      // Seen from within: Playwright asks nothing of a page that is about to be left.
      await page.evaluate(() =>
        new MutationObserver(() => {
          if (document.body.textContent.includes('What you entered'))
            sessionStorage.setItem('said', 'yes')
        }).observe(document, { subtree: true, childList: true }),
      )
      await page.getByRole('link', { name: 'Clients', exact: true }).click()
      await page.getByLabel('E-mail address').waitFor()
      expect(await page.evaluate(() => sessionStorage.getItem('said'))).toBeNull()
    })

    it('leads there, too, when it ended while the console was on its way', async () => {
      await open()
      let answers = 0
      await page.route('**/admin/session', (route) => {
        answers += 1
        return answers === 1 ? route.fulfill({ status: 401, json: {} }) : route.continue()
      })
      const left = page.waitForRequest('**/admin/sign-in?*')
      await page.reload()
      expect((await left).url()).toContain(`return_to=%2Fadmin%2Fo%2F`)
      await heading(page, 'Overview').waitFor() // still signed in at the provider
    })
  })

  it('signs out, and "back" shows nothing of it', async () => {
    await open('', { role: 'editor' })
    await button('Your account').click()
    await page.getByText('editor@example.com').waitFor()
    await expectGoodPage(page)
    await button('Sign out').click()
    await page.waitForURL('**/admin/signed-out')
    await page.goto(console.at(''))
    await page.getByLabel('E-mail address').waitFor()
  })
})
