// What goes on at a server all day, in small: scenes that people, applications and operators play, one after another.

import { setTimeout as pause } from 'node:timers/promises'
import type { Load } from './load.ts'
import { authorize, newProof, REDIRECT_URI, redeem, type Tokens, token } from './operations.ts'
import { openStream } from './streams.ts'

/** Plays itself once, and throws when the server answers otherwise than it should. */
export type Scene = (load: Load) => Promise<void>

const CLIENT_API = '/api/client/v1'
const ADMIN_API = '/api/admin/v1'

let played = 0
const nextNumber = (): number => {
  played += 1
  return played
}

/** In the order of their turns. */
export const scenes: readonly Scene[] = [
  useAndLeave,
  visit,
  readLists,
  visit,
  mistype,
  visit,
  keepListening,
  visit,
  beginOrganisation,
  visit,
  goAstray,
  visit,
]

/** A sign-in on the pages, and an application that lives on its refresh tokens. */
async function visit(load: Load): Promise<void> {
  let tokens = await signIn(load)
  for (let turn = 0; turn < REFRESHES; turn += 1) {
    await expectStatus(200, ask(load, tokens, 'GET', '/profile'))
    await expectStatus(200, ask(load, tokens, 'GET', '/orders'))
    tokens = await renew(load, tokens)
  }
  await expectStatus(200, load.request('/oauth/userinfo', { headers: bearer(tokens) }))
}

const SCOPE = 'profile:read profile:write orders:read sessions:read sessions:write'

const signIn = async (load: Load): Promise<Tokens> =>
  redeem(load, await authorize(load, new Map(), SCOPE))

const REFRESHES = 8

/** The same, with a change, the list of sessions and a sign-out: nothing of it is good afterwards. */
async function useAndLeave(load: Load): Promise<void> {
  const tokens = await signIn(load)
  const json = { given_name: `Ana ${nextNumber()}` }
  await expectStatus(200, ask(load, tokens, 'PATCH', '/profile', json))
  await expectStatus(200, ask(load, tokens, 'GET', '/sessions'))
  await expectStatus(200, ask(load, tokens, 'DELETE', '/session'))
  await expectStatus(401, ask(load, tokens, 'GET', '/profile'))
  await expectStatus(400, load.request('/oauth/token', { body: refreshOf(load, tokens) }))
}

let newcomers = 0

/**
 * A newcomer on an application's own page: a wrong code, then the right one. All come from one source,
 * so only every other one mistypes: a source that misses a hundred times in ten minutes has to wait.
 */
async function mistype(load: Load): Promise<void> {
  const proof = newProof()
  newcomers += 1
  const isMistyped = newcomers % 2 === 0
  const begin = {
    client_id: load.target.publicClient,
    response_type: 'code',
    email: `newcomer-${nextNumber()}@example.com`,
    code_challenge: proof.challenge,
    code_challenge_method: 'S256',
  }
  const step = async (body: { [field: string]: string }, status: number): Promise<Challenge> => {
    const headers = { origin: new URL(REDIRECT_URI).origin }
    const answer = await expectStatus(status, load.request('/oauth/challenge', { body, headers }))
    return JSON.parse(answer.text) as Challenge // the endpoint's shape
  }
  const { auth_session } = await step(begin, 403)
  const session = { auth_session: String(auth_session) }
  if (isMistyped) await step({ ...session, otp: '000000' }, 400)
  const { authorization_code: code } = await step({ ...session, otp: load.target.code }, 200)
  const tokens = await token(load, {
    grant_type: 'authorization_code',
    client_id: load.target.publicClient,
    code: String(code),
    code_verifier: proof.verifier,
  })
  await expectStatus(200, ask(load, tokens, 'GET', '/profile'))
}

type Challenge = { auth_session?: string; authorization_code?: string }

/** Three streams of a session: one tab is closed, the others hear of the sign-out. */
async function keepListening(load: Load): Promise<void> {
  const tokens = await signIn(load)
  const open = () => openStream(load.target.baseUrl, tokens.access_token)
  const [closed, ...hearing] = await Promise.all([open(), open(), open()])
  await pause(STREAM_LIFE)
  closed?.leave()
  await expectStatus(200, ask(load, tokens, 'DELETE', '/session'))
  await Promise.all(hearing.map(({ ended }) => ended))
}

const STREAM_LIFE = 2000

/** An operator's console, page after page. */
async function readLists(load: Load): Promise<void> {
  const { slug } = load.target.administration
  for (const noun of ['customers', 'accounts', 'sessions', 'clients', 'audit', 'overview'])
    await expectStatus(200, administer(load, 'GET', `/organisations/${slug}/${noun}`))
  for (const path of ['/', '/.well-known/openid-configuration', '/oauth/jwks', '/healthz'])
    await expectStatus(200, load.request(path))
}

/** One comes, is asked for a token by a client of its own, and goes. */
async function beginOrganisation(load: Load): Promise<void> {
  const slug = `soak-${process.pid}-${nextNumber()}`
  const path = `/organisations/${slug}`
  await expectStatus(201, administer(load, 'POST', '/organisations', { slug, name: slug }))
  const client = { kind: 'machine', name: 'Machine' }
  const made = await expectStatus(201, administer(load, 'POST', `${path}/clients`, client))
  const { data } = JSON.parse(made.text) as { data: NewClient }
  const basic = Buffer.from(`${data.client.id}:${data.client_secret}`).toString('base64')
  const answered = await load.request(`/o/${slug}/oauth/token`, {
    body: { grant_type: 'client_credentials' },
    headers: { authorization: `Basic ${basic}` },
  })
  if (answered.status !== 200) throw new Error(`a token of ${slug}: ${answered.text}`)
  await expectStatus(200, administer(load, 'DELETE', `${path}?confirm=${slug}`))
  await expectStatus(404, load.request(`/o/${slug}/.well-known/openid-configuration`))
}

/** The contract's. */
type NewClient = { client: { id: string }; client_secret: string }

/** What strangers, scanners and broken programs ask. */
async function goAstray(load: Load): Promise<void> {
  const lost = { authorization: 'Bearer not.a.token' }
  const form = { grant_type: 'refresh_token', client_id: load.target.publicClient }
  await expectStatus(404, load.request('/wp-login.php'))
  await expectStatus(404, load.request('/o/nobody/oauth/authorize'))
  await expectStatus(401, load.request(`${CLIENT_API}/profile`, { headers: lost }))
  await expectStatus(401, load.request(`${ADMIN_API}/me`, { headers: lost }))
  await expectStatus(400, load.request('/oauth/authorize?client_id=nobody'))
  await expectStatus(400, load.request('/oauth/token', { body: { ...form, refresh_token: 'x' } }))
  await expectStatus(410, load.request(`/sign-in/${'x'.repeat(43)}`))
}

function bearer({ access_token }: Tokens): { authorization: string } {
  return { authorization: `Bearer ${access_token}` }
}

function refreshOf(load: Load, { refresh_token }: Tokens) {
  return { grant_type: 'refresh_token', client_id: load.target.publicClient, refresh_token }
}

const renew = (load: Load, tokens: Tokens): Promise<Tokens> => token(load, refreshOf(load, tokens))

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

function ask(load: Load, tokens: Tokens, method: Method, path: string, json?: object) {
  const more = json && { json }
  return load.request(`${CLIENT_API}${path}`, { method, headers: bearer(tokens), ...more })
}

function administer(load: Load, method: Method, path: string, json?: object) {
  const headers = { authorization: `Bearer ${load.target.administration.key}` }
  return load.request(`${ADMIN_API}${path}`, { method, headers, ...(json && { json }) })
}

async function expectStatus<T extends { status: number; text: string }>(
  status: number,
  asked: Promise<T>,
): Promise<T> {
  const answer = await asked
  if (answer.status === status) return answer
  throw new Error(`${answer.status} instead of ${status}: ${answer.text.slice(0, 300)}`)
}
