// The load on one target: a pool of connections, and browsers that walk its pages.

import { Pool } from 'undici'
import type { Target } from './target.ts'

const CONCURRENCY = 16
/** They come again in turn: few enough that all are known after a round or two, enough for every limit of one. */
const CUSTOMERS = 160

type Fields = { [name: string]: string }
type Answer = { status: number; location: string; cookies: string[]; text: string }

export type Load = {
  target: Target
  request(
    path: string,
    options?: {
      method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
      /** A form, or a value to be sent as JSON. */
      body?: Fields
      json?: object
      headers?: Fields
    },
  ): Promise<Answer>
  /** The address of the customer whose turn it is. */
  nextCustomer(): string
  close(): Promise<void>
}

export function createLoad(target: Target): Load {
  const pool = new Pool(target.baseUrl, { connections: CONCURRENCY })
  let customers = 0
  return {
    target,
    nextCustomer() {
      customers += 1
      return `customer-${customers % CUSTOMERS}@example.com`
    },
    async request(path, { body, json, headers = {}, method = body ? 'POST' : 'GET' } = {}) {
      const type = {
        'content-type': json ? 'application/json' : 'application/x-www-form-urlencoded',
      }
      const text = json ? JSON.stringify(json) : body && new URLSearchParams(body).toString()
      const response = await pool.request({
        path: path.replace(target.baseUrl, ''),
        method,
        headers: { ...(text && type), ...headers },
        ...(text && { body: text }),
      })
      const cookies = response.headers['set-cookie'] ?? []
      return {
        status: response.statusCode,
        location: String(response.headers.location ?? ''),
        cookies: Array.isArray(cookies) ? cookies : [cookies],
        text: await response.body.text(),
      }
    },
    close: () => pool.close(),
  }
}

/** Does all of the work, a few at a time. */
export async function runAll(work: readonly (() => Promise<unknown>)[]): Promise<void> {
  const rest = work.values()
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      for (const each of rest) await each()
    }),
  )
}

const MAX_STEPS = 12

/** A browser with these cookies, of one customer. */
export function createBrowser(load: Load, cookies: Map<string, string>) {
  const email = load.nextCustomer()

  /** The page's first form, filled in. */
  function formOf({ status, text }: Answer): { path: string; body: Fields } {
    const [, action = '', inputs = ''] =
      /<form[^>]*action="([^"]+)"[^>]*>(.*?)<\/form>/s.exec(text) ?? []
    const path = action.replaceAll('&amp;', '&')
    if (inputs.includes('name="email"')) return { path, body: { email } }
    if (inputs.includes('name="code"')) return { path, body: { code: load.target.code } }
    throw new Error(`no form to fill in, status ${status}: ${text.slice(0, 300)}`)
  }

  return {
    /** Follows redirects and fills in forms until the walk leads to `end`; returns where to. */
    async walk(path: string, end: string): Promise<URL> {
      let next: { path: string; body?: Fields } = { path }
      for (let steps = 0; steps < MAX_STEPS; steps += 1) {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
        const answer = await load.request(next.path, {
          headers: cookie ? { cookie } : {},
          ...(next.body && { body: next.body }),
        })
        keep(cookies, answer.cookies)
        if (answer.location.startsWith(end)) return new URL(answer.location)
        next = answer.location ? { path: answer.location } : formOf(answer)
      }
      throw new Error('the walk does not end')
    },
  }
}

function keep(cookies: Map<string, string>, set: readonly string[]): void {
  for (const each of set) {
    const [pair = ''] = each.split(';')
    const at = pair.indexOf('=')
    const value = pair.slice(at + 1)
    if (value === '') cookies.delete(pair.slice(0, at))
    else cookies.set(pair.slice(0, at), value)
  }
}
