// Tokens of the Admin API, as the console gets them for an operator who signs in.

import { knownDevelopmentSecret } from '../../src/compose/development-secret.ts'
import { consoleSecret } from '../../src/services/identity/clients/console-client.ts'
import { createKeyring } from '../../src/shared/secrets.ts'
import { type Call, callerWith } from './admin-api.ts'
import { createRelyingParty, type RelyingParty } from './relying-party.ts'
import type { TestServer } from './server.ts'
import { createUserAgent, type UserAgent } from './user-agent.ts'

const CALLBACK = '/admin/callback'

/** The console as a relying party of the tests' own: its client secret follows from `SECRET`. */
export async function consoleParty(server: TestServer): Promise<RelyingParty> {
  const { config, dataDir, baseUrl } = server
  const secret = config.secrets[0] ?? knownDevelopmentSecret(dataDir) ?? ''
  const client = {
    client_id: 'console',
    client_secret: consoleSecret(createKeyring([secret])).current(),
  }
  const party = await createRelyingParty(server, client, `${baseUrl}${CALLBACK}`)
  Object.assign(party.config.clientMetadata(), { id_token_signed_response_alg: 'ES256' })
  return party
}

/** A browser in which the console never sees its codes. */
export function agentBeforeConsole(server: TestServer): UserAgent {
  return createUserAgent(server.baseUrl, async (url, init) =>
    url.pathname === CALLBACK ? new Response('') : fetch(url, init),
  )
}

/** Signs in at the console's client, and takes the code before the console itself does. */
export async function consoleTokens(
  server: TestServer,
  party: RelyingParty,
  {
    email,
    parameters = {},
    agent = agentBeforeConsole(server),
  }: { email: string; parameters?: { [name: string]: string }; agent?: UserAgent },
) {
  const pending = await party.authorize({ scope: 'openid email', ...parameters })
  let page = await agent.submit(await agent.open(pending.url), { email })
  page = await agent.submit(page, { code: await server.codeFor(email) })
  return party.exchange(new URL(page.url), pending)
}

/** Whoever this is, with a token of the console; an operator or not. */
export async function personWith(server: TestServer, email: string): Promise<Call> {
  const { access_token } = await consoleTokens(server, await consoleParty(server), { email })
  return callerWith(server, access_token)
}
