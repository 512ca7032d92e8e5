// A site of the house's own, and what it does to hand its session on.

import { handoff } from '@foyer/contract'
import type { Credentials } from './endpoints.ts'
import { type Person, signedInPerson, type Tokens, tokensFor } from './journeys.ts'
import { createRelyingParty, untilLeft } from './relying-party.ts'
import type { TestServer } from './server.ts'
import { LeftServer, type Page, type UserAgent } from './user-agent.ts'

/** The origin that `register` derives from where the tests' relying parties live. */
export const SITE = 'http://127.0.0.1:9'

export type Issuer = Pick<TestServer, 'baseUrl' | 'codeFor' | 'register'>

/** Somebody signed in at a first-party site, in a browser of their own. */
export type Visitor = { email: string; agent: UserAgent; client: Credentials; tokens: Tokens }

export async function visitorOf(
  issuer: Issuer,
  input: Parameters<TestServer['register']>[0] = {},
  email?: string,
  known?: Credentials,
): Promise<Visitor> {
  const client = known ?? (await issuer.register({ kind: 'browser', firstParty: true, ...input }))
  const person = await signedInPerson(issuer, email)
  return { ...person, client, tokens: await tokensFor(issuer, person, { client }) }
}

export type Ask = {
  token?: string | undefined
  /** `null` for none. */
  origin?: string | null
  body?: unknown
  headers?: { [name: string]: string }
}

export async function askHandoff(issuer: Pick<Issuer, 'baseUrl'>, ask: Ask) {
  const { token, origin = SITE, body = {}, headers = {} } = ask
  const response = await fetch(`${issuer.baseUrl}/oauth/handoff`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(origin !== null && { origin }),
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await response.text()
  const json = text === '' ? {} : (JSON.parse(text) as { [member: string]: string }) // flat by contract
  return { status: response.status, headers: response.headers, json }
}

/** A link, for sure. */
export async function linkOf(
  issuer: Pick<Issuer, 'baseUrl'>,
  token: string,
  body: unknown = {},
): Promise<string> {
  const { status, json } = await askHandoff(issuer, { token, body })
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(json)}`)
  return handoff.answer.parse(json).url
}

/** A link that is not followed: its page says, by its status, whether the person is known at that moment. */
export async function handOffOf(issuer: Issuer, person: Person): Promise<() => Promise<number>> {
  const client = await issuer.register({ kind: 'browser', firstParty: true })
  const { access_token } = await tokensFor(issuer, person, { client })
  const link = await linkOf(issuer, access_token)
  return async () => (await fetch(link)).status
}

/** Opens a link as a browser without scripts does, and goes on; where it ends. */
export async function follow(agent: UserAgent, link: string): Promise<Page> {
  return landing(agent, async () => agent.submit(await agent.open(link)))
}

/** The demo's pages count as another server; this one is of ours. */
export async function landing(agent: UserAgent, walk: () => Promise<Page>): Promise<Page> {
  try {
    return await walk()
  } catch (error) {
    if (error instanceof LeftServer) return agent.open(error.location)
    throw error
  }
}

/** The `sid` of the access token that the browser's session gives silently; the error where it gives none. */
export async function silentSession(issuer: Issuer, agent: UserAgent): Promise<string> {
  const client = await issuer.register({ kind: 'browser', firstParty: true })
  const party = await createRelyingParty(issuer, client)
  const pending = await party.authorize({ prompt: 'none' })
  const left = await untilLeft(() => agent.open(pending.url))
  const error = left.searchParams.get('error')
  if (error) return error
  const tokens = await party.exchange(left, pending)
  return sidOf(tokens.access_token)
}

export function sidOf(accessToken: string): string {
  const [, payload = ''] = accessToken.split('.')
  return JSON.parse(Buffer.from(payload, 'base64url').toString()).sid
}

export function cookieOf(agent: UserAgent): string | undefined {
  return agent.cookies.find(({ name }) => name === 'foyer_session')?.value
}
