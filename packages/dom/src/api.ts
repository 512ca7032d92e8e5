// The Client API, and the hand-off to the portal: paths below them alone, so that a token goes nowhere else.

import { FoyerError } from './errors.ts'
import { parse, stringify } from './json.ts'
import { own } from './own.ts'
import type { Data, ListQuery, Page } from './records.ts'
import { failureOf, read, type Server } from './server.ts'
import type { Sessions } from './sessions.ts'
import type { FoyerClient } from './types.ts'

export type Api = Pick<
  FoyerClient,
  'fetch' | 'profile' | 'orders' | 'bookings' | 'enquiries' | 'portalUrl'
> & {
  /** The answer to a request with the session's token, refreshed once after a 401; below the Client API by default. */
  call(path: string, init?: RequestInit, base?: string): Promise<Response>
}

export function createApi(server: Server, sessions: Sessions): Api {
  const { issuer } = server

  async function call(path: string, init?: RequestInit, base?: string): Promise<Response> {
    let grant = await sessions.fresh()
    for (let isLast = false; grant; isLast = true) {
      const below = base ?? grant.api
      const { href } = new URL(below + path)
      // Once it is put together: `..` has many spellings.
      if (path[0] !== '/' || !href.startsWith(`${below}/`))
        throw new TypeError('fetch: not a path of the API')
      const response = await server.send(href, init, grant)
      if (response.status !== 401 || isLast) return response
      grant = await sessions.fresh(Number.POSITIVE_INFINITY)
    }
    throw new FoyerError('session_expired', 'Nobody is signed in.')
  }

  async function request(path: string, init?: RequestInit): Promise<unknown> {
    const response = await call(path, init)
    const body = await read(response)
    // Also what broke off, or came from somebody between.
    if (!body.success) throw failureOf(response, body)
    return body.data
  }

  const json = (method: string, body: object): RequestInit =>
    own({ method, headers: { 'Content-Type': 'application/json' }, body: stringify(body) })

  const list = (path: string) => ({
    list: (query?: ListQuery) =>
      // JSON leaves out what is undefined.
      // The shape that the Client API's documentation promises.
      request(`${path}?${new URLSearchParams(own(parse(stringify(query ?? {}))))}`) as Promise<
        Page<Data>
      >,
  })

  return {
    call,
    fetch: request as FoyerClient['fetch'], // what it is, the caller says
    profile: {
      get: () => request('/profile') as Promise<Data>,
      update: (patch) => request('/profile', json('PATCH', patch)) as Promise<Data>,
    },
    orders: list('/orders'),
    bookings: list('/bookings'),
    enquiries: list('/enquiries'),
    async portalUrl(options) {
      const body = json('POST', { section: options?.section, return_to: options?.returnTo })
      const response = await call('/oauth/handoff', body, issuer)
      const answer = await read(response)
      const url = String(answer.url)
      if (!url.startsWith(`${issuer}/`)) throw failureOf(response, answer)
      return url
    },
  }
}
