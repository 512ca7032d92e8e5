// A relying party's place on the web: it listens, so that a browser arrives somewhere.

import { once } from 'node:events'
import { createServer } from 'node:http'

export type Application = {
  /** Its redirect URI. */
  callback: string
  stop(): Promise<void>
}

export async function startApplication(): Promise<Application> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end(
      '<!doctype html><html lang="en"><title>The application</title><link rel="icon" href="data:,">',
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    callback: `http://127.0.0.1:${address.port}/callback`,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
