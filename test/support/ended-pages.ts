// The pages of sign-ins that cannot go on, and the applications that they lead to.

import { expect } from '@jest/globals'
import { createRelyingParty, type RelyingParty, untilLeft } from './relying-party.ts'
import type { TestServer } from './server.ts'
import { freshAddress, wordsOf } from './sign-in-pages.ts'
import type { Page, UserAgent } from './user-agent.ts'

export const INITIATE = 'https://ledger.example/sign-in?from=foyer'
export const HOME = 'https://ledger.example/'

export type Applications = {
  /** Has a page that begins a sign-in. First-party: the code is the last page. */
  ledger: RelyingParty
  /** Has nothing but a home page. Asks for permission. */
  homely: RelyingParty
  /** Has no page of its own. */
  bare: RelyingParty
}

/** All of them under the name of Table Ledger. */
export async function registerApplications(server: TestServer): Promise<Applications> {
  const register = async (input: object) =>
    createRelyingParty(server, await server.register({ name: 'Table Ledger', ...input }))
  return {
    ledger: await register({ firstParty: true, homeUri: HOME, initiateLoginUri: INITIATE }),
    homely: await register({ homeUri: HOME }),
    bare: await register({}),
  }
}

/** The page's way forward: the first of its links, and no form comes before it. */
export function wayOn({ html, url }: Page): { href: string; words: string } {
  const main = html.slice(html.indexOf('<h1>'))
  const [, href = '', words = ''] =
    /<a class="button primary" href="([^"]*)">([^<]*)<\/a>/.exec(main) ?? []
  expect(main.indexOf('<a ')).toBe(main.indexOf('<a class="button primary"'))
  expect(main).not.toContain('<form')
  return { href: new URL(href.replaceAll('&amp;', '&'), url).href, words }
}

export function supportCodeOf({ html }: Page): string {
  return /<dd class="spoken"><bdi dir="ltr">([\w-]+)/.exec(html)?.[1] ?? 'no support code'
}

/** Signs in to the end from a page that asks for the address. */
export async function finish(
  server: TestServer,
  { agent, page, email = freshAddress() }: { agent: UserAgent; page: Page; email?: string },
): Promise<URL> {
  const code = await agent.submit(page, { email })
  return untilLeft(async () =>
    agent.submit(await agent.submit(code, { code: await server.codeFor(email) })),
  )
}

/** The page says that it ends here, in the organisation's brand; its support code finds why, and nothing else. */
export function expectEnded(
  server: TestServer,
  page: Page,
  heading = 'This sign-in has ended',
): void {
  expect({ status: page.status, heading: wordsOf(page).heading }).toEqual({ status: 410, heading })
  expect(page.html).toContain('Casa Aurora')
  const code = supportCodeOf(page)
  const lines = server.log.lines.filter((line) => line.includes(code))
  expect(lines.map((line) => line.split(' {')[0])).toEqual(['a sign-in could not go on', 'request'])
}

/** The page leads to where Table Ledger begins a sign-in (OpenID Connect Core 4). */
export function expectInitiates(server: TestServer, page: Page, hint?: string): void {
  const { href, words } = wayOn(page)
  expect(words).toBe('Continue to Table Ledger')
  const { origin, pathname, searchParams } = new URL(href)
  expect(origin + pathname).toBe('https://ledger.example/sign-in')
  expect(Object.fromEntries(searchParams)).toEqual({
    from: 'foyer',
    iss: server.baseUrl,
    ...(hint && { login_hint: hint }),
  })
}

/** A form with this body. */
export const post = (body: string): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body,
})
