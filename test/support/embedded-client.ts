// The browser library as a page of an embedding site uses it, and what the page then knows.

import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals'
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core'
import type * as Library from '../../packages/dom/src/index.ts'
import type { AuthEvent, ClientOptions, FoyerClient } from '../../packages/dom/src/index.ts'
import { startBrowser } from './browser.ts'
import { type EmbeddingPage, type EmbeddingSite, startEmbeddingSite } from './embedding-site.ts'
import { eventually } from './eventually.ts'
import { startServer, type TestServer } from './server.ts'
import { freshAddress } from './sign-in-pages.ts'

declare global {
  interface Window {
    Foyer: typeof Library
    foyer: FoyerClient
    events: AuthEvent[]
  }
}

/** A first-party browser client, with the site's origin among its own. */
export async function registerShop(
  server: Pick<TestServer, 'register'>,
  { origin }: Pick<EmbeddingSite, 'origin'>,
): Promise<string> {
  const redirectUris = [`${origin}/`]
  const { client_id } = await server.register({ kind: 'browser', firstParty: true, redirectUris })
  return client_id
}

export type Shop = {
  server: TestServer
  site: EmbeddingSite
  browser: Browser
  clientId: string
  stop(): Promise<void>
}

/** An issuer, the site of a business that embeds it, and a browser to visit them. */
export async function startShop(pages?: { [path: string]: EmbeddingPage }): Promise<Shop> {
  const server = await startServer()
  const site = await startEmbeddingSite({ issuer: server.baseUrl, ...(pages && { pages }) })
  const clientId = await registerShop(server, site)
  const browser = await startBrowser()
  return {
    server,
    site,
    browser,
    clientId,
    async stop() {
      await browser.close()
      await site.stop()
      await server.stop()
    },
  }
}

/** A shop for the tests of a `describe`, and for each of them a browser's profile of its own. */
export function shopForTest(
  pages?: Parameters<typeof startShop>[0],
): Shop & { context: BrowserContext } {
  const shop = {} as Shop & { context: BrowserContext } // whole before the first test begins
  beforeAll(async () => {
    Object.assign(shop, await startShop(pages))
  })
  afterAll(() => shop.stop?.())
  beforeEach(async () => {
    shop.context = await shop.browser.newContext()
  })
  afterEach(() => shop.context.close())
  return shop
}

export type PageOptions = Omit<Partial<ClientOptions>, 'fetch' | 'dpop'> & {
  /** With `dpop` of `@foyer/dom/dpop`. */
  isBound?: boolean
}

/** Waits for the page's library, makes `window.foyer` and initializes it; `window.events` hears all it tells. */
export async function openClient(page: Page | Frame, options: PageOptions & ClientOptions) {
  await page.waitForFunction(() => 'Foyer' in window)
  return page.evaluate(async ({ isBound, ...given }) => {
    const proofs = '/foyer/dpop.ts' // not to be looked for when types are checked
    const { dpop } = isBound ? await import(proofs) : {}
    window.foyer = window.Foyer.createClient({ ...given, ...(dpop && { dpop }) })
    window.events = []
    window.foyer.onAuthStateChange((event) => window.events.push(event))
    return window.foyer.initialize()
  }, options)
}

/** A tab of the shop, newly opened or loaded again, with its client. */
export async function openTab(
  { site, server, clientId }: Pick<Shop, 'site' | 'server' | 'clientId'>,
  where: BrowserContext | Page,
  options: PageOptions = {},
): Promise<Page> {
  const page = 'newPage' in where ? await where.newPage() : where
  await page.goto(site.origin)
  await openClient(page, { issuer: server.baseUrl, clientId, ...options })
  return page
}

export const emailOn = (page: Page): Promise<string | null> =>
  page.evaluate(() => window.foyer.getUser()?.email ?? null)

export const eventsOn = (page: Page): Promise<AuthEvent[]> => page.evaluate(() => window.events)

/** Signs in on the page with a code that was mailed. */
export async function signInOn(
  page: Page,
  server: Pick<TestServer, 'codeFor'>,
  email = freshAddress(),
): Promise<string> {
  await page.evaluate((address) => window.foyer.sendCode(address), email)
  const code = await server.codeFor(email)
  await page.evaluate((typed) => window.foyer.verifyCode(typed), code)
  return email
}

/** Waits until the page has heard the event. */
export async function heard(page: Page, event: AuthEvent, limit?: number): Promise<void> {
  await eventually(async () => {
    const events = await page.evaluate(() => window.events)
    if (!events.includes(event)) throw new Error(`${event} was not told; ${events} were`)
  }, limit)
}
