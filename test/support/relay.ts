// A TCP relay in front of a store: every byte passes by, and may be read or kept back on its way.

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What one connection does with its bytes. */
export type Passing = {
  /** From the program to the store, before they are passed on. */
  toStore?(bytes: Buffer): void
  /** From the store to the program; when it returns `false` they are lost, and the connection with them. */
  toProgram?(bytes: Buffer): boolean
}

export type Relay = { port: number; stop(): Promise<void> }

/** `target` is the store's URI; `passingOf` is asked once for each connection. */
export async function startRelay(target: string, passingOf: () => Passing): Promise<Relay> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()

  const server = createServer((near) => {
    const far = connect({ host: hostname, port: Number(port) })
    const { toStore, toProgram } = passingOf()
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
    near.on('data', (bytes: Buffer) => {
      toStore?.(bytes)
      far.write(bytes)
    })
    far.on('data', (bytes: Buffer) => {
      if (toProgram?.(bytes) === false) cut()
      else near.write(bytes)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    port: (server.address() as AddressInfo).port, // it listens on a port
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
