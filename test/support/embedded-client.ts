// The browser library as a page of an embedding site uses it, and what the page then knows.

import type { Page } from 'playwright-core'
import type * as Library from '../../packages/dom/src/index.ts'
import type { AuthEvent, ClientOptions, FoyerClient } from '../../packages/dom/src/index.ts'
import type { EmbeddingSite } from './embedding-site.ts'
import { eventually } from './eventually.ts'
import type { TestServer } from './server.ts'
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

/** Waits for the page's library, makes `window.foyer` and initializes it; `window.events` hears all it tells. */
export async function openClient(page: Page, options: Omit<ClientOptions, 'fetch' | 'dpop'>) {
  await page.waitForFunction(() => 'Foyer' in window)
  return page.evaluate(async (given) => {
    window.foyer = window.Foyer.createClient(given)
    window.events = []
    window.foyer.onAuthStateChange((event) => window.events.push(event))
    return window.foyer.initialize()
  }, options)
}

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
