// The server of an application: told when a session is over, it answers as it pleases.

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { Socket } from 'node:net'
import { decodeJwt } from 'jose'

export type LogoutListener = {
  port: number
  /** What it registers. */
  uri: string
  /** The requests that arrived whole, in their order. */
  told: { token: string; method: string; type: string }[]
  connections(): number
  /** From now on it answers with this status, or not at all. */
  answerWith(answer: number | 'nothing'): void
  stop(): Promise<void>
}

/** With a certificate it listens with TLS. */
export async function startLogoutListener(
  certificate?: { key: string; cert: string },
  host = '127.0.0.1',
): Promise<LogoutListener> {
  const told: LogoutListener['told'] = []
  const open = new Set<Socket>()
  let connections = 0
  let answer: number | 'nothing' = 200
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = ''
    for await (const chunk of request) body += chunk
    const token = new URLSearchParams(body).get('logout_token') ?? ''
    const { method = '', headers } = request
    told.push({ token, method, type: headers['content-type'] ?? '' })
    if (answer === 'nothing') return
    response.writeHead(answer, { location: '/elsewhere', 'cache-control': 'no-store' }).end()
  }
  const server = certificate ? createSecureServer(certificate, take) : createServer(take)
  server.on('connection', (socket: Socket) => {
    connections += 1
    open.add(socket)
  })
  server.listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    uri: `${certificate ? 'https' : 'http'}://localhost:${address.port}/back-channel?by=foyer`,
    told,
    connections: () => connections,
    answerWith(next) {
      answer = next
    },
    async stop() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** The claims of what it was told, unchecked. */
export function claimsTold({ told }: LogoutListener): { [claim: string]: unknown }[] {
  return told.map(({ token }) => decodeJwt(token))
}
