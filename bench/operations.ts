// What is measured: each operation prepares without being measured, then does its work.

import { hash, randomBytes } from 'node:crypto'
import { createBrowser, type Load, runAll } from './load.ts'
import type { Target } from './target.ts'

/** One round: `prepare` returns the work, one function for each operation. */
export type Operation = {
  name: string
  targets: readonly Target['kind'][]
  /** How many in a round. */
  count: number
  prepare(load: Load, count: number): Promise<(() => Promise<unknown>)[]>
}

export type Tokens = { access_token: string; refresh_token: string }
type Grant = { code: string; verifier: string }

/** Nobody listens there. */
export const REDIRECT_URI = 'http://127.0.0.1:9/callback'

function tokenEndpoint(load: Load): string {
  return load.target.kind === 'foyer' ? '/oauth/token' : '/token'
}

/** For PKCE (RFC 7636). */
export function newProof(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString('base64url')
  return { verifier, challenge: hash('sha256', verifier, 'base64url') }
}

/** An authorization request, and whatever a customer has to do for it. With the cookies of one before: nothing. */
export async function authorize(
  load: Load,
  cookies = new Map<string, string>(),
  apiScope = 'profile:read',
): Promise<Grant> {
  const { verifier, challenge } = newProof()
  const isOurs = load.target.kind === 'foyer'
  const query = new URLSearchParams({
    client_id: load.target.publicClient,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope: isOurs ? `openid email ${apiScope}` : 'openid email',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: 'state',
  })
  const browser = createBrowser(load, cookies)
  const back = await browser.walk(`${isOurs ? '/oauth/authorize' : '/auth'}?${query}`, REDIRECT_URI)
  const code = back.searchParams.get('code')
  if (!code) throw new Error(`no code: ${back}`)
  return { code, verifier }
}

export async function token(
  load: Load,
  body: { [name: string]: string },
  headers: { [name: string]: string } = {},
): Promise<Tokens> {
  const { status, text } = await load.request(tokenEndpoint(load), { body, headers })
  if (status !== 200) throw new Error(`token answered ${status}: ${text}`)
  return JSON.parse(text) as Tokens // RFC 6749, 5.1
}

export function redeem(load: Load, { code, verifier }: Grant): Promise<Tokens> {
  return token(load, {
    grant_type: 'authorization_code',
    client_id: load.target.publicClient,
    redirect_uri: REDIRECT_URI,
    code,
    code_verifier: verifier,
  })
}

/** Codes, each for a customer who is signed in already: as many customers as requests at a time. */
async function codes(load: Load, count: number): Promise<Grant[]> {
  const made: Grant[] = []
  const browsers = Array.from({ length: 16 }, () => new Map<string, string>())
  await runAll(browsers.map((cookies) => () => authorize(load, cookies)))
  await runAll(
    Array.from({ length: count }, (_, index) => async () => {
      made.push(await authorize(load, browsers[index % browsers.length]))
    }),
  )
  return made
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index))
}

const ENGINES = ['foyer', 'engine'] as const

export const operations: readonly Operation[] = [
  {
    name: 'full sign-in',
    targets: ENGINES,
    count: 120,
    prepare: async (load, count) =>
      times(count, () => async () => redeem(load, await authorize(load))),
  },
  {
    name: 'code exchange',
    targets: ENGINES,
    count: 240,
    async prepare(load, count) {
      const made = await codes(load, count)
      return made.map((code) => () => redeem(load, code))
    },
  },
  {
    name: 'refresh',
    targets: ENGINES,
    count: 240,
    async prepare(load, count) {
      const made: Tokens[] = []
      const grants = await codes(load, count)
      await runAll(grants.map((code) => async () => made.push(await redeem(load, code))))
      const body = { grant_type: 'refresh_token', client_id: load.target.publicClient }
      return made.map(
        ({ refresh_token }) =>
          () =>
            token(load, { ...body, refresh_token }),
      )
    },
  },
  {
    name: 'client credentials',
    targets: ENGINES,
    count: 800,
    async prepare(load, count) {
      const { id, secret } = load.target.machine
      const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
      const body = { grant_type: 'client_credentials' }
      return times(count, () => () => token(load, body, { authorization }))
    },
  },
  {
    name: 'GET /profile',
    targets: ['foyer', 'koa'],
    count: 1600,
    async prepare(load, count) {
      // New tokens in every round, so that no customer meets the limit of their own; checked once before.
      const tokens = load.target.kind === 'foyer' ? await accessTokens(load, 16) : ['none']
      const read = (index: number) => async (): Promise<void> => {
        const headers = { authorization: `Bearer ${tokens[index % tokens.length]}` }
        const { status, text } = await load.request('/api/client/v1/profile', { headers })
        if (status !== 200) throw new Error(`profile answered ${status}: ${text}`)
      }
      await runAll(times(tokens.length, read))
      return times(count, read)
    },
  },
]

/** Each of a session of its own. */
export async function accessTokens(load: Load, count: number): Promise<string[]> {
  const made: string[] = []
  const signIn = async () => made.push((await redeem(load, await authorize(load))).access_token)
  await runAll(times(count, () => signIn))
  return made
}
