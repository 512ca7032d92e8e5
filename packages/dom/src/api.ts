// The Client API, and the hand-off to the portal: paths below them alone, so that a token goes nowhere else.

import { FoyerError } from './errors.ts'
import type { Grant } from './grant.ts'
import { isText, type Own, own } from './own.ts'
import { failureOf, type Server } from './server.ts'
import type { Sessions } from './sessions.ts'
import type { Settings } from './settings.ts'
import type { Tokens } from './tokens.ts'
import type { Data, FoyerClient, ListQuery, Page } from './types.ts'

type Parts = { settings: Settings; server: Server; sessions: Sessions; tokens: Tokens }

export type Api = Pick<
  FoyerClient,
  'fetch' | 'profile' | 'orders' | 'bookings' | 'enquiries' | 'portalUrl'
> & {
  /** The answer to a request with the session's token, refreshed once after a 401. */
  call(address: (grant: Grant) => string, init?: RequestInit): Promise<Response>
  /** The address of a path of the Client API. */
  at(path: string): (grant: Grant) => string
}

/** Milliseconds that a token should be good for: as long as a request may take. */
export const SOON = 30_000

export function createApi({ settings, server, sessions, tokens }: Parts): Api {
  const { stringify } = settings

  async function call(address: (grant: Grant) => string, init?: RequestInit): Promise<Response> {
    let grant = await sessions.fresh(SOON)
    for (let isLast = false; grant; isLast = true) {
      const response = await server.send(address(grant), init, grant)
      if (response.status !== 401 || isLast) return response
      await sessions.refresh()
      grant = sessions.grant()
    }
    throw new FoyerError('session_expired', 'Nobody is signed in.', { status: 401 })
  }

  function at(path: string): (grant: Grant) => string {
    // The rest is seen once the address is put together: `..` has many spellings.
    if (!isText(path) || path[0] !== '/') throw new TypeError('fetch: a path such as /bookings')
    return (grant) => {
      const api = tokens.api(grant)
      const { href } = new URL(api + path)
      if (!href.startsWith(`${api}/`)) throw new TypeError('fetch: a path below the Client API')
      return href
    }
  }

  async function request(path: string, init?: RequestInit): Promise<unknown> {
    const response = await call(at(path), init)
    const body = await server.read(response)
    if (!response.ok) throw failureOf(response, body)
    return body.data
  }

  const json = (method: string, body: object): RequestInit =>
    own({ method, headers: { 'Content-Type': 'application/json' }, body: stringify(body) })

  const list = (path: string) => ({
    list(query?: ListQuery) {
      const given = own(query)
      const search = new URLSearchParams()
      for (const name of Object.keys(given)) search.set(name, String(given[name]))
      // The shape that the Client API's documentation promises.
      return request(`${path}?${search}`) as Promise<Page<Data>>
    },
  })

  return {
    call,
    at,
    fetch: request as FoyerClient['fetch'], // what it is, the caller says
    profile: {
      get: () => request('/profile') as Promise<Data>,
      update: (patch) => request('/profile', json('PATCH', patch)) as Promise<Data>,
    },
    orders: list('/orders'),
    bookings: list('/bookings'),
    enquiries: list('/enquiries'),
    async portalUrl(options) {
      const { section, returnTo } = own<{ section?: string; returnTo?: string }>(options)
      const body = json('POST', { section, return_to: returnTo })
      const response = await call(() => `${settings.issuer}/oauth/handoff`, body)
      const answer: Own = await server.read(response)
      const { url } = answer
      if (!response.ok || !isText(url) || !url.startsWith(`${settings.issuer}/`))
        throw failureOf(response, answer)
      return url
    },
  }
}
