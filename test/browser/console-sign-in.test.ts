// Signing in to the console and accepting an invitation, in a real Chromium: with scripts, without, and under attack.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { type Application, startApplication } from '../support/application.ts'
import { describeWithBrowser, desk, openWindow, phone, startBrowser } from '../support/browser.ts'
import { runProgram } from '../support/program.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { freshAddress, roomyLimits } from '../support/sign-in-pages.ts'
import { expectGoodView } from '../support/views.ts'

const OWNER = 'owner@example.com'

describeWithBrowser('the console’s door, in a browser', () => {
  let server: TestServer
  let browser: Browser
  let elsewhere: Application

  beforeAll(async () => {
    const built = await runProgram('scripts/front-ends.js')
    expect(built).toMatchObject({ code: 0 })
    elsewhere = await startApplication()
    server = await startServer({ env: { OPERATORS: OWNER } })
    await server.changeSignIn(roomyLimits)
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    await elsewhere?.stop()
  })

  /** With scripts the code sends itself. */
  async function signIn(page: Page, email: string, { hasScripts = true } = {}): Promise<void> {
    await page.locator('#email').fill(email)
    await page.keyboard.press('Enter')
    await page.locator('#code').waitFor()
    await page.locator('#code').fill(await server.codeFor(email))
    if (!hasScripts) await page.keyboard.press('Enter')
    await page.waitForURL('**/admin/**')
  }

  async function ownerAtConsole() {
    const window = await openWindow(browser, desk)
    await window.page.goto(`${server.baseUrl}/admin/`)
    await window.page.waitForURL('**/sign-in/**')
    await signIn(window.page, OWNER)
    return window
  }
  const status = async (page: Page): Promise<number> =>
    (await page.context().request.get(`${server.baseUrl}/admin/session`)).status()

  it('P10: opens to an operator, hides its cookie from scripts, and runs none that was put into its page', async () => {
    const { page, end } = await ownerAtConsole()
    expect(await status(page)).toBe(200)
    expect(await page.evaluate(() => document.cookie)).not.toContain('console')
    const ran = await page.evaluate(async () => {
      const refused: string[] = []
      const all = new Promise<void>((resolve) =>
        addEventListener('securitypolicyviolation', (event) => {
          if (refused.push(event.effectiveDirective) === 3) resolve()
        }),
      )
      const script = document.createElement('script')
      script.textContent = 'document.title = "mine"'
      const image = document.createElement('img')
      image.setAttribute('onerror', 'document.title = "mine"')
      image.src = 'data:x'
      const base = document.createElement('base')
      base.href = 'https://evil.example/'
      document.body.append(script, image, base)
      await all
      return { title: document.title, base: document.baseURI, refused }
    })
    expect(ran.title).not.toBe('mine')
    expect(ran.base).toContain(server.baseUrl)
    expect(ran.refused.sort()).toEqual(['base-uri', 'script-src-attr', 'script-src-elem'])
    await end()
  })

  it('P07: does nothing that another site’s page sends, with the operator’s cookies or without', async () => {
    const { page, end } = await ownerAtConsole()
    await page.goto(elsewhere.callback)
    await page.evaluate(async (base) => {
      const options = { method: 'POST', credentials: 'include', mode: 'no-cors' } as const
      const body = new Blob(['{}'], { type: 'text/plain' })
      await fetch(`${base}/admin/sign-out`, { ...options, body }).catch(() => {})
    }, server.baseUrl)
    const [answer] = await Promise.all([
      page.waitForResponse('**/admin/sign-out'),
      page.waitForURL('**/admin/sign-out'),
      page.evaluate((base) => {
        const form = document.createElement('form')
        form.method = 'post'
        form.action = `${base}/admin/sign-out`
        document.body.append(form)
        form.submit()
      }, server.baseUrl),
    ])
    expect(answer.status()).toBe(403)
    await page.goto(`${server.baseUrl}/admin/`)
    expect(await status(page)).toBe(200)
    await end()
  })

  it('P09: shows nothing in another site’s frame', async () => {
    const { page, end } = await ownerAtConsole()
    await page.goto(elsewhere.callback)
    const frame = await page.evaluate(async (address) => {
      const made = document.createElement('iframe')
      made.src = address
      const loaded = new Promise((resolve) => made.addEventListener('load', resolve))
      document.body.append(made)
      await loaded
      return made.contentDocument === null
    }, `${server.baseUrl}/admin/`)
    expect(frame).toBe(true)
    const text = await page.frames().at(-1)?.locator('body').innerText()
    expect(text).not.toContain(OWNER)
    await end()
  })

  it.each([
    ['with scripts', desk],
    ['without scripts, on a phone', { ...phone, javaScriptEnabled: false }],
  ])('takes an invitation %s, and lets who is signed in leave', async (_name, options) => {
    const email = freshAddress()
    const by = { actor: 'tests' }
    const { _id } = server.organisation
    const { link } = await server.invitations.invite(_id, { email, role: 'viewer' }, by)
    const { page, hasScripts, complaints, end } = await openWindow(browser, options)
    await page.goto(link)
    if (hasScripts) await expectGoodView(page)
    await page.getByRole('button', { name: 'Sign in to accept' }).click()
    await signIn(page, email, { hasScripts })
    await page.getByRole('button', { name: 'Accept the invitation' }).click()
    await page.waitForURL('**/admin/')
    expect((await server.operators.find(_id, email))?.role).toBe('viewer')

    await page.goto(link) // used
    await page.getByRole('heading', { name: 'This invitation no longer works' }).waitFor()
    await server.operators.remove(_id, email, by)
    await page.goto(`${server.baseUrl}/admin/`)
    await page.getByRole('heading', { name: 'You are not an operator here' }).waitFor()
    if (hasScripts) {
      await expectGoodView(page)
    }
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
    expect(await status(page)).toBe(401)
    expect(complaints).toEqual([])
    await end()
  })
})
