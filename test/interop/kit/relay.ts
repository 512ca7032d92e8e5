// What stands between two servers: it writes down what passes, and can change an answer.

import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

export type Passed = {
  method: string
  path: string
  authorization: string | undefined
  form: URLSearchParams
  status: number
}

/** The answer of a token endpoint. */
export type TokenAnswer = { id_token?: string; [field: string]: unknown }

export type Change = (answer: TokenAnswer) => TokenAnswer | Promise<TokenAnswer>

export type Relay = {
  port: number
  /** All that was answered, in that order. */
  passed: Passed[]
  /** Changes what token endpoints answer, as long as `work` runs. */
  during<T>(next: Change | undefined, work: () => Promise<T>): Promise<T>
  stop(): Promise<void>
}

/** Listens on `port` and passes everything on to `target()` of this machine, as it came: its `Host` too. */
export async function startRelay(port: number, target: () => number): Promise<Relay> {
  const passed: Passed[] = []
  let change: Change | undefined

  async function pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = incoming
    const body = await text(incoming)
    const outgoing = request({ host: 'localhost', port: target(), method, path: url, headers })
    outgoing.end(body)
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage] // what it emits
    const path = url.replace(/\?.*/, '')
    const status = answer.statusCode ?? 0
    const { authorization } = headers
    passed.push({ method, path, authorization, form: new URLSearchParams(body), status })
    if (!change || !path.endsWith('/oauth/token') || status !== 200) {
      response.writeHead(status, answer.rawHeaders)
      answer.pipe(response)
      return
    }
    const changed = await change(JSON.parse(await text(answer)))
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(changed))
  }

  const server = createServer((incoming, response) => {
    pass(incoming, response).catch((error) => response.writeHead(502).end(String(error)))
  })
  // Relying parties differ in which of the loopback addresses `localhost` is.
  await once(server.listen(port, '127.0.0.1'), 'listening')
  return {
    port,
    passed,
    async during(next, work) {
      change = next
      try {
        return await work()
      } finally {
        change = undefined
      }
    },
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
