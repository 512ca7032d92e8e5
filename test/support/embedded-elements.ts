// The elements of the browser library on a page of another site, as a person meets them.

import { afterAll, beforeAll } from '@jest/globals'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { type BrowserWindow, openWindow, startBrowser } from './browser.ts'
import { registerShop } from './embedded-client.ts'
import { type EmbeddingSite, startEmbeddingSite } from './embedding-site.ts'
import { eventually } from './eventually.ts'
import { startServer, type TestServer } from './server.ts'
import { freshAddress, roomyLimits } from './sign-in-pages.ts'

/** A page that knows the elements and three languages, under the strictest policy. */
const elementsPage = {
  script: `
    import { createClient } from '/foyer/index.ts'
    import { addWords } from '/foyer/element.ts'
    import { de } from '/foyer/words/de.ts'
    import { ar } from '/foyer/words/ar.ts'
    addWords({ de, ar })
    window.Foyer = { createClient }
    window.told = []
    for (const type of ['foyer-code-sent', 'foyer-signed-in', 'foyer-error'])
      addEventListener(type, ({ detail }) => window.told.push([type, detail]))
    window.isReady = true`,
  body: '<main><h1>Shop</h1></main>',
}

declare global {
  interface Window {
    isReady: true
    /** The events that reached the window, with their details. */
    told: [type: string, detail: { [name: string]: unknown }][]
  }
}

export type Placed = {
  tag?: 'foyer-sign-in' | 'foyer-account'
  attributes?: { [name: string]: string }
  /** The text of a paragraph within it, in its slot. */
  content?: string
}

/** A site whose pages have the elements, registered with an issuer, in a browser. */
export type Shop = {
  site: EmbeddingSite
  /** What its elements say in attributes. */
  attributes: { issuer: string; 'client-id': string }
  /** A window on the site's page, with the element on it. */
  open(placed?: Placed & { options?: BrowserContextOptions }): Promise<BrowserWindow>
  /** The same, where a code was asked for by its address. */
  openAtCode(
    placed?: Placed & { options?: BrowserContextOptions },
  ): Promise<BrowserWindow & { email: string; code: string }>
}

type Issuer = Pick<TestServer, 'baseUrl' | 'register' | 'codeFor'>

async function openShop(browser: Browser, issuer: Issuer): Promise<Shop> {
  const pages = {
    '/': elementsPage,
    // Elements that nobody has defined yet.
    '/early': { script: ' ', body: '<main><h1>Shop</h1><foyer-sign-in></foyer-sign-in></main>' },
  }
  const site = await startEmbeddingSite({ issuer: issuer.baseUrl, pages })
  const attributes = { issuer: issuer.baseUrl, 'client-id': await registerShop(issuer, site) }

  async function open(placed: Placed & { options?: BrowserContextOptions } = {}) {
    const window = await openWindow(browser, placed.options)
    await window.page.goto(site.origin)
    await place(window.page, { ...placed, attributes: { ...attributes, ...placed.attributes } })
    return window
  }
  return {
    site,
    attributes,
    open,
    async openAtCode(placed) {
      const window = await open(placed)
      const email = freshAddress()
      await sendAddress(window.page, email)
      return { ...window, email, code: await issuer.codeFor(email) }
    },
  }
}

/** For the tests of a `describe`: an issuer with room for many sign-ins, a browser, and a shop in it. */
export function elementsForTest(): ElementsForTest {
  const shop = {} as ElementsForTest // whole before the first test begins
  beforeAll(async () => {
    shop.server = await startServer()
    await shop.server.changeSignIn(roomyLimits)
    shop.browser = await startBrowser()
    Object.assign(shop, await openShop(shop.browser, shop.server))
  })
  afterAll(async () => {
    await shop.browser?.close()
    await shop.site?.stop()
    await shop.server?.stop()
  })
  return shop
}

type ElementsForTest = Shop & { server: TestServer; browser: Browser }

/** Another organisation, with a site of its own. */
export async function openShopOf(
  browser: Browser,
  server: TestServer,
  { slug, settings }: { slug: string; settings?: { [setting: string]: number } },
) {
  const other = await server.addOrganisation(slug)
  const { _id } = other.organisation
  await server.organisations.change(_id, { signIn: { ...roomyLimits, ...settings } })
  return { ...other, ...(await openShop(browser, other)) }
}

/** Puts an element on the page, by no more than a script under its policy may use. */
export async function place(page: Page, placed: Placed): Promise<void> {
  await page.waitForFunction(() => 'isReady' in window)
  await page.evaluate(({ tag = 'foyer-sign-in', attributes = {}, content }) => {
    const element = document.createElement(tag)
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
    const text = document.createElement('p')
    if (tag === 'foyer-sign-in') text.slot = 'signed-in'
    text.tabIndex = -1
    text.textContent = content ?? ''
    if (content) element.append(text)
    document.querySelector('main')?.append(element)
  }, placed)
}

export async function sendAddress(page: Page, email: string): Promise<void> {
  await page.locator('input[name=email]').fill(email)
  await page.keyboard.press('Enter')
  await codeField(page).waitFor()
}

export function codeField(page: Page): Locator {
  return page.locator('input[name=code]')
}

/** The code of a mail after the one with `before`: mails leave when their request has been answered. */
export function nextCode(
  issuer: Pick<Issuer, 'codeFor'>,
  email: string,
  before: string,
): Promise<string> {
  return eventually(async () => {
    const code = await issuer.codeFor(email)
    if (code === before) throw new Error(`no other code was mailed to ${email}`)
    return code
  })
}

/** What is said to be wrong, once something is. */
export async function problemOn(page: Page): Promise<string | null> {
  const problem = page.getByRole('alert').filter({ hasText: /\S/ })
  return problem.textContent()
}

export function headingOn(page: Page): Locator {
  return page.getByRole('heading', { level: 2 })
}

/** The types of the events that reached the window. */
export function toldOn(page: Page): Promise<string[]> {
  return page.evaluate(() => window.told.map(([type]) => type))
}

/** Waits until the element is done: the session is there. */
export async function signedIn(page: Page): Promise<void> {
  await page.waitForFunction(() => window.told.some(([type]) => type === 'foyer-signed-in'))
}

/** The name of what has the focus inside the element. */
export function focusIn(page: Page): Promise<string | null | undefined> {
  return page.evaluate(() => {
    const focused = document.activeElement?.shadowRoot?.activeElement
    return focused?.getAttribute('name') ?? focused?.textContent
  })
}
