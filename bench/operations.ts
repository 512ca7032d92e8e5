// What is measured: each operation prepares without being measured, then does its work.

import { createHash, randomBytes } from 'node:crypto'
import { Pool } from 'undici'
import type { Target } from './target.ts'

const CONCURRENCY = 16
const REDIRECT_URI = 'http://127.0.0.1:9/callback'

/** One round: `prepare` returns the work, one function for each operation. */
export type Operation = {
  name: string
  /** How many in a round. */
  count: number
  /** Left out: on every target. */
  isPossible?(target: Target): boolean
  prepare(load: Load, count: number): Promise<(() => Promise<void>)[]>
}

type Answer = { status: number; location: string; cookies: string[]; text: string }
type Body = { [name: string]: string }

/** The load on one target: a pool of connections, and customers who are signed in already. */
export type Load = {
  target: Target
  request(path: string, options?: { body?: Body; headers?: Body }): Promise<Answer>
  close(): Promise<void>
  /** Counts customers, so that each signs in from a place of its own. */
  next(): number
}

export function createLoad(target: Target): Load {
  const pool = new Pool(target.baseUrl.replace('localhost', '127.0.0.1'), {
    connections: CONCURRENCY,
  })
  const host = new URL(target.baseUrl).host
  let customers = 0
  return {
    target,
    next() {
      customers += 1
      return customers
    },
    async request(path, { body, headers = {} } = {}) {
      const response = await pool.request({
        path: path.replace(target.baseUrl, ''),
        method: body ? 'POST' : 'GET',
        headers: {
          host,
          ...(body && { 'content-type': 'application/x-www-form-urlencoded' }),
          ...headers,
        },
        ...(body && { body: new URLSearchParams(body).toString() }),
      })
      const text = await response.body.text()
      const cookies = response.headers['set-cookie'] ?? []
      return {
        status: response.statusCode,
        location: String(response.headers.location ?? ''),
        cookies: Array.isArray(cookies) ? cookies : [cookies],
        text,
      }
    },
    close: () => pool.close(),
  }
}

/** Does all of the work, a few at a time. */
export async function runAll(work: readonly (() => Promise<void>)[]): Promise<void> {
  const rest = work.values()
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      for (const each of rest) await each()
    }),
  )
}

type Tokens = { access_token: string; refresh_token: string }
type Customer = { cookies: Map<string, string>; place: string }

const challengeOf = (verifier: string): string =>
  createHash('sha256').update(verifier).digest('base64url')

/** A browser's walk from `path` until it leaves for the relying party; returns where to. */
async function walk(load: Load, customer: Customer, path: string): Promise<URL> {
  const { cookies } = customer
  let next: { path: string; body?: Body } = { path }
  for (let steps = 0; steps < 12; steps += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = {
      ...(cookie && { cookie }),
      'x-forwarded-for': customer.place,
      ...(next.body && { origin: load.target.baseUrl }),
    }
    const answer = await load.request(next.path, {
      headers,
      ...(next.body && { body: next.body }),
    })
    keep(cookies, answer.cookies)
    if (answer.location.startsWith(REDIRECT_URI)) return new URL(answer.location)
    if (answer.location) next = { path: answer.location }
    else next = formOf(answer, customer)
  }
  throw new Error('the walk does not end')
}

function keep(cookies: Map<string, string>, set: readonly string[]): void {
  for (const each of set) {
    const [name = '', value = ''] = each.split(';')[0]?.split('=') ?? []
    if (value === '') cookies.delete(name)
    else cookies.set(name, value)
  }
}

/** The page's first form, filled in. */
function formOf({ status, text }: Answer, { place }: Customer): { path: string; body: Body } {
  const action = /<form[^>]*action="([^"]+)"/.exec(text)?.[1]
  if (!action) throw new Error(`no form in an answer with status ${status}: ${text.slice(0, 300)}`)
  if (action.endsWith('/code')) return { path: action, body: { code: '123456' } }
  const name = place.replaceAll('.', '-')
  // Few enough mails to each that no limit is met.
  if (action.endsWith('/email')) return { path: action, body: { email: `${name}@example.com` } }
  return { path: action, body: { login: name } }
}

async function authorize(
  load: Load,
  customer: Customer,
  extra: Body = {},
): Promise<{ code: string; verifier: string }> {
  const verifier = randomBytes(32).toString('base64url')
  const query = new URLSearchParams({
    client_id: load.target.publicClient,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope:
      load.target.signIn === 'code' ? 'openid email profile profile:read' : 'openid email profile',
    code_challenge: challengeOf(verifier),
    code_challenge_method: 'S256',
    state: 'state',
    ...extra,
  })
  const back = await walk(load, customer, `${endpoint(load, 'authorize')}?${query}`)
  const code = back.searchParams.get('code')
  if (!code) throw new Error(`no code: ${back}`)
  return { code, verifier }
}

function endpoint(load: Load, name: 'authorize' | 'token'): string {
  if (load.target.signIn === 'code') return `/oauth/${name}`
  return name === 'authorize' ? '/auth' : '/token'
}

async function token(load: Load, body: Body): Promise<Tokens> {
  const { status, text } = await load.request(endpoint(load, 'token'), { body })
  if (status !== 200) throw new Error(`token answered ${status}: ${text}`)
  return JSON.parse(text) as Tokens // RFC 6749, 5.1
}

function redeem(
  load: Load,
  { code, verifier }: { code: string; verifier: string },
): Promise<Tokens> {
  return token(load, {
    grant_type: 'authorization_code',
    client_id: load.target.publicClient,
    redirect_uri: REDIRECT_URI,
    code,
    code_verifier: verifier,
  })
}

/** Each customer comes from a place of their own, and from the same one again after a few hundred. */
function newCustomer(load: Load): Customer {
  const number = load.next() % 600
  return { cookies: new Map(), place: `10.${Math.floor(number / 250)}.0.${number % 250}` }
}

async function many<T>(count: number, make: () => Promise<T>): Promise<T[]> {
  const made: T[] = []
  await runAll(Array.from({ length: count }, () => async () => void made.push(await make())))
  return made
}

export const operations: readonly Operation[] = [
  {
    name: 'full sign-in',
    count: 120,
    prepare: async (load, count) =>
      Array.from({ length: count }, () => async () => {
        await redeem(load, await authorize(load, newCustomer(load)))
      }),
  },
  {
    name: 'automatic sign-in',
    count: 120,
    isPossible: (target) => target.signIn === 'page',
    prepare: async (load, count) =>
      Array.from({ length: count }, () => async () => {
        await redeem(load, await authorize(load, newCustomer(load), { state: 'automatic' }))
      }),
  },
  {
    name: 'code exchange',
    count: 240,
    async prepare(load, count) {
      const customer = newCustomer(load)
      await authorize(load, customer)
      const codes = await many(count, () => authorize(load, customer))
      return codes.map((code) => async () => void (await redeem(load, code)))
    },
  },
  {
    name: 'refresh',
    count: 240,
    async prepare(load, count) {
      const customer = newCustomer(load)
      await authorize(load, customer)
      const tokens = await many(count, async () => redeem(load, await authorize(load, customer)))
      return tokens.map(({ refresh_token }) => async () => {
        const body = { grant_type: 'refresh_token', client_id: load.target.publicClient }
        await token(load, { ...body, refresh_token })
      })
    },
  },
  {
    name: 'client credentials',
    count: 400,
    async prepare(load, count) {
      const { id, secret } = load.target.machine
      const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
      return Array.from({ length: count }, () => async () => {
        const { status, text } = await load.request(endpoint(load, 'token'), {
          body: { grant_type: 'client_credentials' },
          headers: { authorization },
        })
        if (status !== 200) throw new Error(`token answered ${status}: ${text}`)
      })
    },
  },
]

/** `GET /profile`, with tokens that were checked before; bounded so that no user meets their limit. */
export const profile: Operation = {
  name: 'GET /profile',
  count: 1600,
  async prepare(load, count) {
    const isOurs = load.target.publicClient !== ''
    const customers = isOurs ? await many(16, () => signedIn(load)) : ['']
    const work = customers.map((accessToken) => async () => {
      const { status, text } = await load.request('/api/client/v1/profile', {
        headers: { authorization: `Bearer ${accessToken}` },
      })
      if (status !== 200) throw new Error(`profile answered ${status}: ${text}`)
    })
    await runAll(work) // warm
    return Array.from(
      { length: count },
      (_, index) => work[index % work.length] as () => Promise<void>,
    )
  },
}

async function signedIn(load: Load): Promise<string> {
  return (await redeem(load, await authorize(load, newCustomer(load)))).access_token
}
