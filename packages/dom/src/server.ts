// Requests to the issuer and to the Client API: what goes along with each, and what their failures are called.

import { FoyerError } from './errors.ts'
import type { Grant } from './grant.ts'
import { parse } from './json.ts'
import { isText, type Own, own } from './own.ts'
import type { SentInit } from './proofs.ts'
import type { Settings } from './settings.ts'
import type { DuePolicy } from './types.ts'

/** What is asked for, and of whom. */
export type Server = Settings & {
  /** With the grant's access token, where one is given. Throws `network_error` alone. */
  send(address: string, init?: RequestInit, owner?: Grant): Promise<Response>
  /** A form to `{issuer}/oauth/{endpoint}`, proven by the key of that grant. */
  post(endpoint: string, fields: Fields, owner?: Grant): Promise<Response>
}

/** One without a value counts as left out (RFC 6749, 3.1). */
export type Fields = { [name: string]: string }

/** Milliseconds, where the caller brings no patience of its own. */
const PATIENCE = 20_000

/** The issuer's words that say too little on a page. */
const names: { readonly [error: string]: string } = own({
  invalid_session: 'session_expired',
  redirect_to_web: 'redirect_required',
  insufficient_authorization: 'policies_required',
})

export function createServer(settings: Settings): Server {
  const { issuer, fetch, keys } = settings

  // biome-ignore lint/complexity/useMaxParams: an object would be bytes that every visitor pays for
  async function send(
    address: string,
    init?: RequestInit,
    owner?: Grant,
    token = owner?.access,
  ): Promise<Response> {
    const headers = new Headers(init?.headers)
    if (token) headers.set('Authorization', `Bearer ${token}`)
    const whole = own<SentInit>({
      // Nobody who signs out waits for a network that swallows everything.
      signal: AbortSignal.timeout(PATIENCE),
      ...init,
      headers,
      // No cookie goes along, a token follows no redirect to somewhere else, and no answer outlives the session.
      credentials: 'omit',
      redirect: 'error',
      cache: 'no-store',
    })
    try {
      return await (keys ? keys.send(address, whole, { owner, fetch }) : fetch(address, whole))
    } catch (cause) {
      throw new FoyerError('network_error', 'The server did not answer.', { cause })
    }
  }

  return {
    ...settings,
    send,
    post(endpoint, fields, owner) {
      const body = new URLSearchParams(own<Fields>(fields))
      return send(`${issuer}/oauth/${endpoint}`, { method: 'POST', body }, owner, '')
    },
  }
}

/** The JSON of an answer; nothing, where it has none. */
export async function read(response: Response): Promise<Own> {
  try {
    return own(parse(await response.text()))
  } catch {
    return own({})
  }
}

/** What an answer that is no good says, in OAuth's words or in the Client API's envelope. */
export function failureOf({ status, headers }: Response, body: Own): FoyerError {
  const isEnvelope = body.success === false
  const error = isEnvelope ? body.code : body.error
  const message = isEnvelope ? body.error : body.error_description
  const unnamed = status === 401 ? 'session_expired' : 'request_failed'
  const { attempts_left: attemptsLeft, policies } = body
  return new FoyerError(
    isText(error) ? (names[error] ?? error) : unnamed,
    isText(message) ? message : `The server answered ${status}.`,
    {
      status,
      retryAfter: Number(headers.get('Retry-After')) || undefined,
      requestId: headers.get('X-Request-Id') ?? undefined,
      // The issuer's own words, over TLS.
      attemptsLeft: attemptsLeft as number | undefined,
      policies: policies as readonly DuePolicy[] | undefined,
    },
  )
}
