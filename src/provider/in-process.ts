// Requests to an issuer's own endpoints that never leave the process.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { type DispatchFunc, type InjectOptions, inject } from 'light-my-request'

type Init = { method: string; headers: Record<string, string>; body?: unknown }

/** A `fetch` that hands every request under the issuer's address to its engine, and makes no other. */
export function createInProcessFetch(
  issuer: string,
  handle: (req: IncomingMessage, res: ServerResponse) => Promise<void>,
) {
  return async (address: string, { method, headers, body }: Init): Promise<Response> => {
    if (!address.startsWith(`${issuer}/`)) throw new TypeError(`${address} is not at ${issuer}`)
    const dispatch: DispatchFunc = (req, res) => void handle(req, res)
    const answer = await inject(dispatch, {
      method: method as NonNullable<InjectOptions['method']>, // one that the caller's library knows
      url: address.slice(issuer.length),
      headers,
      ...(body !== undefined && body !== null && { payload: String(body) }),
    })
    const { 'content-type': type = '' } = answer.headers
    return new Response(answer.payload, {
      status: answer.statusCode,
      headers: { 'content-type': String(type) },
    })
  }
}
