// A TCP proxy in front of a store, that loses answers on purpose and with each the connection.

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type FaultProxy = {
  port: number
  /** Loses the n-th answer from now on, and so many in all, counted over all connections. */
  loseAnswers(n: number, count: number): void
  /** Loses nothing any more; returns how many were lost. */
  heal(): number
  stop(): Promise<void>
}

/** `isAnswer` tells answers that are waited for from what the server says by itself; left out, all are. */
export async function startFaultProxy(
  target: string,
  isAnswer: (bytes: Buffer) => boolean = () => true,
): Promise<FaultProxy> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  let before = Number.POSITIVE_INFINITY
  let toLose = 0
  let lost = 0

  const server = createServer((near) => {
    const far = connect({ host: hostname, port: Number(port) })
    const cut = (): void => {
      near.destroy()
      far.destroy()
    }
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', cut)
      socket.on('close', () => {
        sockets.delete(socket)
        cut()
      })
    }
    near.on('data', (bytes) => far.write(bytes))
    far.on('data', (bytes: Buffer) => {
      if (isAnswer(bytes)) before -= 1
      if (before <= 0 && lost < toLose && isAnswer(bytes)) {
        // The store did what it was asked; nobody hears of it.
        lost += 1
        return cut()
      }
      near.write(bytes)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    port: (server.address() as AddressInfo).port, // it listens on a port
    loseAnswers(n, count) {
      before = n
      toLose = count
      lost = 0
    },
    heal() {
      toLose = 0
      return lost
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
