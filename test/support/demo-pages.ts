// The demo application's pages: what stands on them, and the ways through them in a browser.

import type { Locator, Page } from 'playwright-core'
import type { StartedServer } from './program.ts'

export function button(page: Page, name: string | RegExp): Locator {
  return page.getByRole('button', { name })
}

export function heading(page: Page, name: string | RegExp): Locator {
  return page.getByRole('heading', { name })
}

export function section(page: Page, name: string): Locator {
  return page.getByRole('region', { name })
}

/** What the page says by itself. */
export function status(page: Page, text: string): Locator {
  return page.getByRole('status').filter({ hasText: text })
}

/** The requests that the page says it made, the newest first. */
export function requests(page: Page): Promise<string[]> {
  return page.locator('.requests code').allTextContents()
}

type Visit = { page: Page; email: string }

/** From the shop's front to the page that asks for permission. */
export async function walkToPermission(
  server: StartedServer,
  { page, email }: Visit,
): Promise<void> {
  await button(page, /^Sign in/).click()
  await page.getByLabel('E-mail address').fill(email)
  await page.keyboard.press('Enter')
  await page.locator('#code:focus').waitFor()
  await page.keyboard.type(await server.codeFor(email))
  await heading(page, 'Bayside Bikes asks for access').waitFor()
}

/** Returns when everything that the account shows has been read. */
export async function signIn(server: StartedServer, visit: Visit): Promise<void> {
  await walkToPermission(server, visit)
  await button(visit.page, 'Allow').click()
  await untilRead(visit.page)
}

/** Signs in where the browser is signed in already: single sign-on, without any page. */
export async function returnTo(page: Page): Promise<void> {
  await button(page, /^Sign in/).click()
  await untilRead(page)
}

async function untilRead(page: Page): Promise<void> {
  await heading(page, /^Hello/).waitFor()
  await page.waitForFunction(() => !document.body.textContent?.includes('Loading'))
}

export async function signOut(page: Page): Promise<void> {
  await button(page, 'Sign out').click()
  await status(page, 'You are signed out').waitFor()
}
