// A relying party, registered as operators do it and started as its snippet says, and customers who visit it.

import type { JWTPayload } from 'jose'
import type { Credentials } from '../../support/endpoints.ts'
import { credentialsOf } from '../../support/printed-client.ts'
import { signIn } from '../../support/relying-party.ts'
import { freePort } from '../../support/services/processes.ts'
import { createUserAgent, type Page, type Send, type UserAgent } from '../../support/user-agent.ts'
import { type Application, startApplication } from './application.ts'
import type { Installation } from './installation.ts'
import type { ClientOfParty, Given, RelyingParty } from './party.ts'
import { type Passed, type Relay, startRelay } from './relay.ts'
import { sentFrom } from './walk.ts'

export type Visit = {
  email: string
  /** The browser, as the issuer sees it. */
  there: UserAgent
  /** The browser, as the relying party sees it. */
  here: UserAgent
}

export type RunningParty = {
  installation: Installation
  issuer: string
  clientId: string
  application: Application
  /** Between the server and the relying party, where it is told of sign-outs. */
  back: Relay | undefined
  /** A token with these claims, signed as the issuer does it. */
  sign(claims: JWTPayload): Promise<string>
  /** Somebody new, with a browser of their own. */
  visit(): Visit
  /** The authorization request that the relying party begins. */
  begin(visit: Visit): Promise<URL>
  /** Walks the issuer's pages up to the answer. */
  walkPages(visit: Visit, url: URL): Promise<URL>
  /** What it shows to who is signed in; throws the page when nobody is. */
  account(visit: Visit, target?: URL): Promise<Account>
  signedIn(): Promise<Visit>
  /** What it asked the token endpoint for with this grant, since so many requests had passed. */
  grants(type: string, from?: number): Passed[]
  stop(): Promise<void>
}

type Values = { [name: string]: unknown }
type Account = { claims: Values; userinfo: Values; profile: Values }

export async function startParty(
  party: RelyingParty,
  client: ClientOfParty,
  { installation, command }: Given,
): Promise<RunningParty> {
  const { baseUrl, relay, codeFor } = installation
  const issuer = `${baseUrl}${client.organisation ? `/o/${client.organisation}` : ''}`
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const isTold = party.backChannel !== undefined && client.kind === 'web'
  const back = isTold ? await startRelay(await freePort(), () => port) : undefined
  const { args = [], settings } = (await client.authentication?.()) ?? { settings: {} }
  const registered = await register(installation, client, [
    `--redirect-uri=${origin}${party.callback}`,
    `--post-logout-redirect-uri=${origin}/`,
    '--api',
    ...(back
      ? [`--back-channel-logout-uri=http://localhost:${back.port}${party.backChannel}`]
      : []),
    ...args,
  ])
  const env = {
    FOYER_ISSUER: issuer,
    FOYER_API: `${baseUrl}/api/client/v1`,
    CLIENT_ID: registered.client_id,
    ...(registered.client_secret && { CLIENT_SECRET: registered.client_secret }),
    ORIGIN: origin,
    PORT: String(port),
    RENEW_EARLY: '7200', // longer than a token lives: it is renewed whenever it is used
    ...settings,
  }
  const started = { ...command, env: { ...command.env, ...env } }
  const application = await startApplication(started, origin)

  const begin = ({ here }: Visit) => sentFrom(here, '/account')
  const walkPages = ({ email, there: agent }: Visit, url: URL) =>
    signIn({ baseUrl: issuer, codeFor }, { url, email, agent })
  async function account({ here }: Visit, target: string | URL = '/account'): Promise<Account> {
    const page = await here.open(target)
    if (page.status !== 200) throw new Error(`${describePage(page)}\n${application.output()}`)
    return JSON.parse(page.html) as Account // what the snippets show
  }
  return {
    installation,
    issuer,
    clientId: registered.client_id,
    application,
    back,
    sign: (claims) => installation.sign(client.organisation ?? 'default', claims),
    visit: () => newVisit(issuer, origin),
    begin,
    walkPages,
    account,
    async signedIn() {
      const visit = newVisit(issuer, origin)
      await account(visit, await walkPages(visit, await begin(visit)))
      return visit
    },
    grants: (type, from = 0) =>
      relay.passed
        .slice(from)
        .filter(({ path, form }) => path.endsWith('/token') && form.get('grant_type') === type),
    async stop() {
      await application.stop()
      await back?.stop()
    },
  }
}

async function register(
  { foyer }: Installation,
  { kind, organisation }: ClientOfParty,
  args: string[],
): Promise<Credentials> {
  const place = organisation ? ['--organisation', organisation] : []
  const create = ['clients', 'create', '--kind', kind, '--name', 'The shop', '--json']
  return credentialsOf(await foyer(...create, ...args, ...place))
}

const describePage = ({ status, url, html }: Page): string => `${status} at ${url}: ${html}`

let visitors = 0

/** As browsers ask: for a page, or for whatever there is. */
const asBrowser: Send = (url, init) =>
  fetch(url, { ...init, headers: { ...init.headers, accept: 'text/html,*/*;q=0.8' } })

function newVisit(issuer: string, origin: string): Visit {
  visitors += 1
  return {
    email: `customer-${visitors}@example.org`,
    there: createUserAgent(issuer),
    here: createUserAgent(origin, asBrowser),
  }
}
