// Requests to the issuer and to the Client API: what goes along with each, and what their failures are called.

import { FoyerError } from './errors.ts'
import type { Grant } from './grant.ts'
import { isText, type Own, own } from './own.ts'
import type { Keys } from './proofs.ts'
import type { Settings } from './settings.ts'
import type { DuePolicy } from './types.ts'

export type Server = {
  /** With the grant's access token, where one is given. Throws `network_error` alone. */
  send(address: string, init?: RequestInit, grant?: Grant): Promise<Response>
  /** A form to `{issuer}/oauth/{endpoint}`, proven by the key of that grant; fields without a value stay away. */
  post(endpoint: string, fields: Fields, owner?: Grant): Promise<Response>
  /** The JSON of an answer; nothing, where it has none. */
  read(response: Response): Promise<Own>
}

export type Fields = { readonly [name: string]: string | undefined }

/** Milliseconds, for what the library asks on its own. */
const PATIENCE = 20_000

/** The issuer's words that say too little on a page. */
const names: { readonly [error: string]: string } = own({
  invalid_session: 'session_expired',
  redirect_to_web: 'redirect_required',
  insufficient_authorization: 'policies_required',
})

export function createServer({ issuer, fetch, parse }: Settings, keys: Keys | undefined): Server {
  async function reach(address: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(address, init)
    } catch (cause) {
      throw new FoyerError('network_error', 'The server could not be reached.', { cause })
    }
  }

  async function send(
    address: string,
    init?: RequestInit,
    owner?: Grant,
    token = owner?.access,
  ): Promise<Response> {
    for (let isLast = !keys; ; isLast = true) {
      const headers = new Headers(init?.headers)
      if (token) headers.set('Authorization', `${keys ? 'DPoP' : 'Bearer'} ${token}`)
      const method = init?.method ?? 'GET'
      if (keys) headers.set('DPoP', await keys.prove({ method, address, owner, token }))
      const response = await reach(
        address,
        // No cookie goes along, and a token never follows a redirect to somewhere else.
        own({ ...own(init), headers, credentials: 'omit', redirect: 'error' }),
      )
      const isBetterKnown = keys?.learn(response.headers)
      if (isLast || !isBetterKnown || response.status < 400) return response
    }
  }

  return {
    send,
    post(endpoint, fields, owner) {
      const body = new URLSearchParams()
      for (const name of Object.keys(fields)) {
        const value = fields[name]
        if (isText(value)) body.append(name, value)
      }
      const signal = AbortSignal.timeout(PATIENCE)
      return send(`${issuer}/oauth/${endpoint}`, own({ method: 'POST', body, signal }), owner, '')
    },
    async read(response) {
      try {
        return own(parse(await response.text()))
      } catch {
        return own({})
      }
    },
  }
}

/** What an answer that is no good says, in OAuth's words or in the Client API's envelope. */
export function failureOf({ status, headers }: Response, body: Own): FoyerError {
  const isEnvelope = body.success === false
  const error = isEnvelope ? body.code : body.error
  const message = isEnvelope ? body.error : body.error_description
  const code = isText(error) ? (names[error] ?? error) : 'request_failed'
  const wait = Number(headers.get('Retry-After'))
  const requestId = headers.get('X-Request-Id')
  const { attempts_left: left, policies } = body
  return new FoyerError(
    status === 401 && !isText(error) ? 'session_expired' : code,
    isText(message) ? message : `The server answered ${status}.`,
    own({
      status,
      ...(wait > 0 && { retryAfter: wait }),
      ...(requestId && { requestId }),
      ...(typeof left === 'number' && { attemptsLeft: left }),
      // The issuer's own list, over TLS.
      ...(Array.isArray(policies) && { policies: policies as readonly DuePolicy[] }),
    }),
  )
}
