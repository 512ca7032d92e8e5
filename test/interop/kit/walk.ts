// Where a relying party sends the browser.

import { LeftServer, type Page, type UserAgent } from '../../support/user-agent.ts'

/** Where it sends the browser, or the page that it shows. */
export async function goTo(
  agent: UserAgent,
  target: string | URL,
  init?: RequestInit,
): Promise<URL | Page> {
  try {
    return await agent.open(target, init)
  } catch (error) {
    if (error instanceof LeftServer) return error.location
    throw error
  }
}

/** Where it sends the browser; throws when it shows a page. */
export async function sentFrom(
  agent: UserAgent,
  target: string | URL,
  init?: RequestInit,
): Promise<URL> {
  const reached = await goTo(agent, target, init)
  if (reached instanceof URL) return reached
  throw new Error(`the browser was not sent on: ${reached.status} ${reached.html.slice(0, 500)}`)
}
