// Listening, and ending without breaking off an answer.

import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  type ServerOptions,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'

export type Handler = (request: IncomingMessage, response: ServerResponse) => unknown

/** How long a peer may take, in milliseconds. */
const PATIENCE: ServerOptions = {
  // Longer than a proxy keeps its connections, so that it never uses one that was just closed.
  keepAliveTimeout: 65_000,
  headersTimeout: 15_000,
  requestTimeout: 30_000,
  // How often the two above are looked at.
  connectionsCheckingInterval: 5_000,
}

export type Listener = {
  port: number
  /** From now on this one answers. */
  serve(handler: Handler): void
  /**
   * Tells every connection that it ends with its answer; `notice` milliseconds later accepts none any
   * more, and returns when all were answered. What takes longer than `limit` more is cut off.
   */
  close(times: { notice: number; limit: number }): Promise<void>
}

/** Returns when it listens; throws what Node says when it cannot. */
export async function listen(parts: {
  port: number
  host: string
  handler: Handler
  patience?: ServerOptions
}): Promise<Listener> {
  let { handler } = parts
  let isClosing = false
  const answers = new Set<ServerResponse>()
  const http = createServer({ ...PATIENCE, ...parts.patience }, (request, response) => {
    answers.add(response)
    response.once('close', () => {
      answers.delete(response)
      // An answer that had begun before said that its connection stays.
      if (isClosing) setImmediate(() => http.closeIdleConnections())
    })
    if (isClosing) response.setHeader('Connection', 'close')
    handler(request, response)
  })
  http.listen(parts.port, parts.host)
  await once(http, 'listening')

  return {
    port: (http.address() as AddressInfo).port, // it listens on a port, not on a pipe
    serve(next) {
      handler = next
    },
    async close({ notice, limit }) {
      isClosing = true
      for (const answer of answers) if (!answer.headersSent) answer.setHeader('Connection', 'close')
      if (notice > 0) await new Promise((resolve) => setTimeout(resolve, notice))
      const closed = new Promise((resolve) => http.close(resolve))
      const cut = setTimeout(() => http.closeAllConnections(), limit)
      await closed
      clearTimeout(cut)
    },
  }
}
