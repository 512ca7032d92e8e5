// The addresses of one sign-in, as its pages link to them: the only place that puts them together.

import type { Context } from 'koa'
import { mountOf } from '../src/shared/issuer.ts'

/** Each carries the restart token, so that wherever the sign-in ends its page knows how to go on. */
export type Addresses = {
  /** The page itself; `query` says what has just happened, or changes the language. */
  page(query?: Readonly<Record<string, string>>): string
  /** One of the page's forms. */
  form(name: string): string
}

/** As the browser sees them, without the host. `uid` and `restart` may be anything that was asked for. */
export function addressesOf(parts: {
  issuer: string
  uid: string
  restart: string | undefined
}): Addresses {
  const { issuer, uid, restart } = parts
  const path = `${mountOf(issuer)}/sign-in/${encodeURIComponent(uid)}`
  const withRestart = (at: string, query: Readonly<Record<string, string>> = {}): string => {
    const search = new URLSearchParams({ ...(restart && { r: restart }), ...query }).toString()
    return search ? `${at}?${search}` : at
  }
  return {
    page: (query) => withRestart(path, query),
    form: (name) => withRestart(`${path}/${name}`),
  }
}

/** The restart token as it came, if it can be one; only its signature tells whether it is. */
export function restartTokenOf(ctx: Context): string | undefined {
  const { r } = ctx.query
  return typeof r === 'string' && r.length <= MAX_TOKEN ? r : undefined
}

const MAX_TOKEN = 200
