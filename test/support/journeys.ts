// Whole sign-ins, for tests about what comes after: one person, one browser, any application.

import type { Credentials } from './endpoints.ts'
import { createRelyingParty, type RelyingParty, signIn, untilLeft } from './relying-party.ts'
import type { TestServer } from './server.ts'
import { freshAddress } from './sign-in-pages.ts'
import { createUserAgent, type UserAgent } from './user-agent.ts'

export type Person = { email: string; agent: UserAgent }
export type Tokens = Awaited<ReturnType<RelyingParty['exchange']>>

/** Somebody who is signed in in a browser of their own. */
export async function signedInPerson(
  server: Pick<TestServer, 'baseUrl' | 'codeFor' | 'register'>,
  email = freshAddress(),
  agent = createUserAgent(server.baseUrl),
): Promise<Person> {
  const party = await createRelyingParty(server, await server.register({ firstParty: true }))
  const { url } = await party.authorize()
  await signIn(server, { url, email, agent })
  return { email, agent }
}

/** A browser of this name. */
export function browserNamed(server: TestServer, userAgent: string): UserAgent {
  return createUserAgent(server.baseUrl, (url, init) =>
    fetch(url, { ...init, headers: { ...init.headers, 'user-agent': userAgent } }),
  )
}

/** Whether the browser still has a session: an application gets a code without a page. */
export async function isSignedIn(server: TestServer, agent: UserAgent): Promise<boolean> {
  const party = await createRelyingParty(server, await server.register({ firstParty: true }))
  const { url } = await party.authorize({ prompt: 'none', scope: 'openid' })
  const left = await untilLeft(() => agent.open(url))
  return left.searchParams.has('code')
}

/** The tokens that an application gets for somebody signed in, who allows whatever it asks. */
export async function tokensFor(
  server: Pick<TestServer, 'baseUrl' | 'codeFor' | 'register'>,
  { agent }: Person,
  {
    client,
    parameters,
    redirectUri,
  }: { client: Credentials; parameters?: { [name: string]: string }; redirectUri?: string },
): Promise<Tokens> {
  const party = await createRelyingParty(server, client, redirectUri)
  const pending = await party.authorize(parameters)
  const callback = await untilLeft(async () => agent.submit(await agent.open(pending.url)))
  return party.exchange(callback, pending)
}
