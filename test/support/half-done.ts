// Everything that can be half done when something breaks, and one request for each that takes it further.

import { createOwnPage, type OwnPage } from './challenge.ts'
import type { Answer } from './endpoints.ts'
import { askHandoff } from './handoff.ts'
import { createRelyingParty, type Pending, type RelyingParty, signIn } from './relying-party.ts'
import { REDIRECT_URI, type TestServer } from './server.ts'
import { askAddress, askCode, freshAddress, type Visit } from './sign-in-pages.ts'
import { startStopwatch } from './stopwatch.ts'
import { createUserAgent, LeftServer, type Page, type UserAgent } from './user-agent.ts'

export type HalfDone = {
  party: RelyingParty
  client: { client_id: string; client_secret?: string }
  /** The browser that signed in. */
  agent: UserAgent
  accessToken: string
  refreshToken: string
  /** Signed in at the application, its authorization code not redeemed yet. */
  unredeemed: { callback: URL; pending: Pending }
  atAddress: Visit
  atCode: Visit & { email: string; code: string }
  /** On a page of the application's own, which waits for the code. */
  onOwnPage: { page: OwnPage; session: string; code: string }
  /** An app whose customer has a link into the browser, not opened yet. */
  inApp: { token: string; link: string }
}

export async function leaveHalfDone(server: TestServer): Promise<HalfDone> {
  const client = await server.register({ firstParty: true })
  const party = await createRelyingParty(server, client)
  const walk = async (pending: Pending, agent = createUserAgent(server.baseUrl)) => ({
    callback: await signIn(server, { url: pending.url, email: freshAddress(), agent }),
    pending,
  })
  const agent = createUserAgent(server.baseUrl)
  const redeemed = await walk(await party.authorize(), agent)
  const tokens = await party.exchange(redeemed.callback, redeemed.pending)
  const email = freshAddress()
  const visit = await askCode(server, party, { email })
  return {
    party,
    client,
    agent,
    accessToken: tokens.access_token,
    refreshToken: String(tokens.refresh_token),
    unredeemed: await walk(await party.authorize()),
    atAddress: await askAddress(server, party),
    atCode: { ...visit, email, code: await server.codeFor(email) },
    onOwnPage: await askOnOwnPage(server),
    inApp: await askInApp(server),
  }
}

async function appOf(server: TestServer): Promise<OwnPage> {
  const redirectUris = ['com.example.app:/callback']
  const app = await server.register({ kind: 'native', firstParty: true, redirectUris })
  return createOwnPage(server, app)
}

async function askInApp(server: TestServer): Promise<HalfDone['inApp']> {
  const tokens = await (await appOf(server)).signIn(freshAddress())
  const token = String(tokens.access_token)
  const { json } = await askHandoff(server, { token, origin: null })
  return { token, link: String(json.url) }
}

async function askOnOwnPage(server: TestServer): Promise<HalfDone['onOwnPage']> {
  const page = await appOf(server)
  const email = freshAddress()
  const session = await page.begun(email)
  return { page, session, code: await server.codeFor(email) }
}

export type Told = {
  /** 303 where the browser was sent on to the application. */
  status: number
  /** Seconds; 0 without the header. */
  retryAfter: number
  text: string
  /** How long the answer took. */
  milliseconds: number
}

/** One request of each kind, all at once. */
export async function takeFurther(server: TestServer, halfDone: HalfDone) {
  const asked = Object.entries(requestsOf(server, halfDone)).map(
    async ([name, ask]) => [name, await told(ask)] as const,
  )
  return Object.fromEntries(await Promise.all(asked))
}

type Ask = () => Promise<Page | Response>

function requestsOf(server: TestServer, halfDone: HalfDone): { [name: string]: Ask } {
  const { party, client, accessToken, refreshToken, unredeemed, atAddress, atCode } = halfDone
  const { page, session, code } = halfDone.onOwnPage
  const get =
    (path: string, headers = {}): Ask =>
    () =>
      fetch(`${server.baseUrl}${path}`, { headers })
  const token = (fields: { [name: string]: string }): Ask => {
    const body = new URLSearchParams({ ...client, ...fields })
    return () => fetch(`${server.baseUrl}/oauth/token`, { method: 'POST', body })
  }
  const { token: ofApp, link } = halfDone.inApp
  const bearer = { authorization: `Bearer ${accessToken}` }
  return {
    authorize: async () => createUserAgent(server.baseUrl).open((await party.authorize()).url),
    page: () => atCode.agent.open(atCode.page.url),
    address: () => atAddress.agent.submit(atAddress.page, { email: freshAddress() }),
    ownAddress: asked(() => page.begin(freshAddress())),
    ownCode: asked(() => page.prove(session, code)),
    handOff: asked(async () => {
      const { json, ...answer } = await askHandoff(server, { token: ofApp, origin: null })
      return { ...answer, body: json }
    }),
    handOn: () => createUserAgent(server.baseUrl).request(link, { method: 'POST' }),
    code: () => atCode.agent.submit(atCode.page, { code: atCode.code }),
    exchange: token({
      grant_type: 'authorization_code',
      code: String(unredeemed.callback.searchParams.get('code')),
      code_verifier: unredeemed.pending.verifier,
      redirect_uri: REDIRECT_URI,
    }),
    refresh: token({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    userinfo: get('/oauth/userinfo', bearer),
    profile: get('/api/client/v1/profile', bearer),
    jwks: get('/oauth/jwks'),
    discovery: get('/.well-known/openid-configuration'),
    healthz: get('/healthz'),
    readyz: get('/readyz'),
  }
}

/** That more is needed is no failure. */
function asked(ask: () => Promise<Answer>): Ask {
  return async () => {
    const { status, headers, body } = await ask()
    const isNormal = status === 201 || body.error === 'insufficient_authorization'
    return new Response(JSON.stringify(body), { status: isNormal ? 200 : status, headers })
  }
}

async function told(ask: Ask): Promise<Told> {
  const taken = startStopwatch()
  try {
    const answer = await ask()
    const text = 'html' in answer ? answer.html : await answer.text()
    const retryAfter = Number(answer.headers.get('retry-after'))
    return { status: answer.status, retryAfter, text, milliseconds: taken() }
  } catch (error) {
    if (!(error instanceof LeftServer)) throw error
    return { status: 303, retryAfter: 0, text: error.location.href, milliseconds: taken() }
  }
}
