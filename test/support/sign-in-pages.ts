// The pages of sign-in, walked up to the one a test is about.

import type { Pending, RelyingParty } from './relying-party.ts'
import type { TestServer } from './server.ts'
import { createUserAgent, LeftServer, type Page, type UserAgent } from './user-agent.ts'

/** A browser, the page it shows, and the authorization request behind it. */
export type Visit = { agent: UserAgent; page: Page; pending: Pending }

type Walk = {
  /** More parameters of the authorization request. */
  parameters?: { [name: string]: string }
  agent?: UserAgent
}

/** A browser on the page that asks for the address. */
export async function askAddress(
  server: TestServer,
  party: RelyingParty,
  { parameters, agent = createUserAgent(server.baseUrl) }: Walk = {},
): Promise<Visit> {
  const pending = await party.authorize(parameters)
  return { agent, pending, page: await agent.open(pending.url) }
}

/** A browser on the page that asks for the code; the code is in the mail. */
export async function askCode(
  server: TestServer,
  party: RelyingParty,
  { email, ...walk }: Walk & { email: string },
): Promise<Visit> {
  const visit = await askAddress(server, party, walk)
  return { ...visit, page: await visit.agent.submit(visit.page, { email }) }
}

/** Whether the code opens the door: the browser leaves for the relying party. */
export async function codeOpens(agent: UserAgent, page: Page, code: string): Promise<boolean> {
  try {
    await agent.submit(page, { code })
    return false
  } catch (error) {
    if (error instanceof LeftServer) return true
    throw error
  }
}

let count = 0

/** An address that no other test uses. */
export function freshAddress(): string {
  count += 1
  return `guest-${count}@example.org`
}

/** A code of as many digits that is not the right one. */
export function wrongCode(right: string): string {
  return String((Number(right) + 1) % 10 ** right.length).padStart(right.length, '0')
}

/** Limits that no test meets by accident: all of them come from one source. */
export const roomyLimits = {
  sendsPer10Minutes: 100,
  sendsPerHour: 1000,
  sendsPerDay: 10_000,
  sendsPerSource: 100_000,
  tarpitAfter: 100,
}

/** The words of the page: its heading, the alert, the first form's button. */
export function wordsOf({ html }: Page): { title: string; heading: string; alert?: string } {
  const text = (pattern: RegExp): string | undefined =>
    pattern
      .exec(html)?.[1]
      ?.replace(/<[^>]*>/g, '')
      .trim()
  const alert = text(/role="alert"[^>]*>([\s\S]*?)<\/p>/)
  return {
    title: text(/<title>([\s\S]*?)<\/title>/) ?? '',
    heading: text(/<h1>([\s\S]*?)<\/h1>/) ?? '',
    ...(alert !== undefined && { alert }),
  }
}
