// A reader of server-sent events as a page is one: what came so far, and how it ended.

import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'

export type OpenStream = {
  status: number
  headers: IncomingMessage['headers']
  /** Everything that came so far. */
  text(): string
  /** Resolves with everything that came, once the server has ended the stream; rejects when it broke off. */
  ended: Promise<string>
  /** Leaves, as a tab that is closed. */
  leave(): void
  /** Reads no more, and stays. */
  hang(): void
}

type Server = { http: { address(): string | { port: number } | null }; baseUrl: string }

export type StreamRequest = {
  path?: string
  method?: string
  headers?: { [name: string]: string }
}

const EVENTS_PATH = '/api/client/v1/session/events'

/** Asks a server at its own port, under the name in `BASE_URL`; returns when its first bytes are there, or its refusal. */
export async function openStream(
  { http, baseUrl }: Server,
  { path = EVENTS_PATH, method = 'GET', headers = {} }: StreamRequest,
): Promise<OpenStream> {
  const address = http.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const { host } = new URL(baseUrl)
  const asked = request({ host: 'localhost', port, path, method, headers: { ...headers, host } })
  asked.end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage] // node:http's event
  asked.on('error', () => {}) // whoever leaves has nothing to complain about
  let text = ''
  const ended = new Promise<string>((resolve, reject) => {
    answer.on('data', (bytes) => {
      text += bytes
    })
    answer.once('end', () => resolve(text))
    answer.once('error', reject)
  })
  ended.catch(() => {}) // where nobody waits for it
  if (answer.statusCode === 200 && method === 'GET') await once(answer, 'data')
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    text: () => text,
    ended,
    leave: () => asked.destroy(),
    hang: () => answer.pause(),
  }
}

/** The stream of an access token's session. */
export function openEvents(server: Server, accessToken: unknown): Promise<OpenStream> {
  return openStream(server, { headers: { authorization: `Bearer ${accessToken}` } })
}

/** What a page makes of it (HTML, 9.2.6): events with their data, the time to wait, comments left out. */
export function eventsIn(text: string): string[] {
  return text
    .split('\n\n')
    .filter((block) => block !== '' && !block.startsWith(':'))
    .map((block) => block.replaceAll('\n', ' '))
}
