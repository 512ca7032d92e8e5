// Every request of ours to others: to public addresses only, looked at when the connection is made.

import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import { type IncomingMessage, request as plainRequest, type RequestOptions } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { SECOND } from '../../src/shared/clock.ts'
import { mayConnect, type OutgoingRules, targetProblem } from '../../src/shared/outgoing.ts'

/**
 * Sends one request and returns the answer, whole. Follows no redirect, unpacks nothing. Throws an Error, whose
 * message an operator may read, when the address is not allowed, when there is no answer in time, or too long a one.
 */
type OutgoingFetch = (target: Target, init?: OutgoingInit) => Promise<Response>

type Target = string | URL | Request
/** Of what `fetch` takes, all that is looked at. */
type OutgoingInit = Pick<RequestInit, 'method' | 'headers' | 'body'>

/** All addresses of a name, as the system resolves it. */
export type Lookup = (
  host: string,
  options: { all: true },
  done: (error: Error | null, found: LookupAddress[]) => void,
) => void

/** From looking up the name to the last byte of the answer. */
const TIME_LIMIT = 5 * SECOND
const MAX_ANSWER = 64 * 1024

export function createOutgoingFetch(parts: {
  rules: OutgoingRules
  lookup?: Lookup
}): OutgoingFetch {
  const { rules } = parts
  const lookup = guarded(parts.lookup ?? systemLookup, rules)
  return async (target, init = {}) => {
    const { url, method, headers, ...body } = await read(target, init)
    const problem = targetProblem(url, rules)
    if (problem) throw new Error(`not sent: ${problem}`)
    const signal = AbortSignal.timeout(TIME_LIMIT)
    try {
      // Connections are not kept: the next request looks at the address anew.
      const options = { method, headers, lookup, signal, agent: false }
      return await answerOf(await send(url, options, body.bytes))
    } catch (error) {
      throw signal.aborted ? new Error(`no answer within ${TIME_LIMIT / SECOND} s`) : plain(error)
    }
  }
}

async function read(target: Target, init: OutgoingInit) {
  const { method, headers, body } = init
  const request = new Request(target, { method, headers, body } as RequestInit) // left out or given
  const bytes = Buffer.from(await request.arrayBuffer())
  return {
    url: new URL(request.url),
    method: request.method,
    headers: {
      ...Object.fromEntries(request.headers),
      'accept-encoding': 'identity',
      'user-agent': 'Foyer', // firewalls turn away who names nobody
      ...(bytes.length > 0 && { 'content-length': bytes.length }),
    },
    bytes,
  }
}

/**
 * Names are resolved once, and the connection goes to what was looked at: a name that leads elsewhere a
 * moment later (DNS rebinding) gains nothing.
 */
function guarded(lookup: Lookup, rules: OutgoingRules): LookupFunction {
  return (host, options, done) =>
    lookup(host, { ...options, all: true }, (error, found) => {
      const allowed = error ? [] : found.filter(({ address }) => mayConnect(host, address, rules))
      const [first] = allowed
      if (!first) done(error ?? new Error(`not sent: ${host} leads to no public address`), '', 0)
      else if (options.all) done(null, allowed)
      else done(null, first.address, first.family)
    })
}

function send(url: URL, options: RequestOptions, body: Buffer): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? secureRequest : plainRequest
  return new Promise((resolve, reject) => {
    request(url, options).on('response', resolve).on('error', reject).end(body)
  })
}

async function answerOf(incoming: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = []
  let size = 0
  // Leaving the loop early destroys the connection.
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_ANSWER) throw new Error(`the answer is longer than ${MAX_ANSWER / 1024} KiB`)
    chunks.push(chunk)
  }
  const status = incoming.statusCode ?? 0
  const isEmpty = [204, 205, 304].includes(status)
  return new Response(isEmpty ? null : Buffer.concat(chunks), {
    status,
    headers: Object.entries(incoming.headersDistinct).flatMap(([name, values = []]) =>
      values.map((value): [string, string] => [name, value]),
    ),
  })
}

/** Where several addresses were tried, the error of all of them says nothing: the first one's does. */
function plain(error: unknown): unknown {
  return error instanceof AggregateError ? (error.errors[0] ?? error) : error
}
