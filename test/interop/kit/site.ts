// A site of its own origin, without a server behind it: pages, scripts, and packages as they are published.

import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { root } from '../../support/repository.ts'
import { freePort } from '../../support/services/processes.ts'

export type Site = {
  origin: string
  /** Each path with its text. */
  texts: Map<string, string>
  stop(): Promise<void>
}

const published =
  /^\/node_modules\/(oidc-client-ts|jwt-decode|openid-client|oauth4webapi|jose)\/[\w/-]+\.js$/

export async function startSite(): Promise<Site> {
  const port = await freePort()
  const texts = new Map<string, string>()
  const server = createServer(async (request, response) => {
    const path = (request.url ?? '').replace(/\?.*/, '')
    const text =
      texts.get(path) ??
      (published.test(path) ? await readFile(join(root, path), 'utf8') : undefined)
    if (text === undefined) return response.writeHead(404).end()
    response.setHeader('content-type', path.endsWith('.js') ? 'text/javascript' : 'text/html')
    response.end(text)
  })
  await once(server.listen(port, '127.0.0.1'), 'listening')
  return {
    origin: `http://127.0.0.1:${port}`,
    texts,
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
