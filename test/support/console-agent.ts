// The console in a browser without a window: signing in at it, and writing through it as its page does.

import type { TestServer } from './server.ts'
import { createUserAgent, type Page, type UserAgent } from './user-agent.ts'

/** Signs in, and follows to where that ends. */
export async function signInToConsole(
  server: TestServer,
  email: string,
  { agent = createUserAgent(server.baseUrl), at = '/admin/sign-in' } = {},
): Promise<{ agent: UserAgent; page: Page }> {
  const asked = await agent.submit(await agent.open(at), { email })
  return { agent, page: await agent.submit(asked, { code: await server.codeFor(email) }) }
}

/** What the console's page sends: from its own origin, as JSON. */
export function write(
  server: TestServer,
  agent: UserAgent,
  path: string,
  {
    method = 'POST',
    body = {},
    headers = {},
  }: { method?: string; body?: unknown; headers?: object } = {},
): Promise<Response> {
  return agent.request(path, {
    method,
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      origin: server.baseUrl,
      ...headers,
    },
    body: JSON.stringify(body),
  })
}

/** Who the console says is signed in, or the status in place of it. */
export async function signedInAs(agent: UserAgent): Promise<string | number> {
  const response = await agent.request('/admin/session', {
    headers: { accept: 'application/json' },
  })
  const body = (await response.json()) as { data?: { email: string } }
  return body.data?.email ?? response.status
}
