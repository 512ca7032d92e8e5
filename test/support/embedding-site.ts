// A business's own site, on another site than the issuer: pages with a strict policy, and the browser library from its sources.

import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

export type EmbeddingSite = {
  /** Such as `http://127.0.0.1:4001`: a secure context, and another site than `http://localhost`. */
  origin: string
  stop(): Promise<void>
}

export type EmbeddingPage = {
  /** What the page runs; modules of the library are at `/foyer/index.ts` and beside it. */
  script?: string
  /** Markup of its body. */
  body?: string
  /** Everything, as its owner wrote it, in place of what is made of script and body. */
  document?: string
  /** In place of the strict policy; `null` for none. */
  policy?: string | null
}

/** What a careful business would send: nothing but its own files, the issuer to talk to, no string as a script. */
export function strictPolicy(issuer: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self' ${new URL(issuer).origin}`,
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
}

const SOURCES = join(import.meta.dirname, '../../packages/dom/src')
/** Where a page finds them. */
const FROM = '/foyer/'

/** Puts the library where a test can reach it. */
const SCRIPT = "import * as Foyer from '/foyer/index.ts'; window.Foyer = Foyer"

/**
 * Serves `pages` by their paths, also those that are put there later, every other path as the page at `/`, and `{path}.js` as its script. The
 * address is `127.0.0.1`: tests register `origin` with their client.
 */
export async function startEmbeddingSite(options: {
  issuer: string
  pages?: { [path: string]: EmbeddingPage }
}): Promise<EmbeddingSite> {
  const { pages = {} } = options

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').replace(/\?.*/, '')
    // Frames without an origin load modules as strangers do.
    response.setHeader('Access-Control-Allow-Origin', '*')
    if (path === '/favicon.ico') return void response.writeHead(204).end()
    const isScript = /\.(ts|js)$/.test(path)
    if (isScript) {
      response.setHeader('Content-Type', 'text/javascript')
      const isSource = path.startsWith(FROM)
      const script = pages[path.slice(0, -'.js'.length)]?.script ?? SCRIPT
      return void response.end(isSource ? await source(path) : script)
    }
    const page = pages[path] ?? pages['/'] ?? {}
    const policy = page.policy === undefined ? strictPolicy(options.issuer) : page.policy
    if (policy) response.setHeader('Content-Security-Policy', policy)
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    const made = `<!doctype html><html lang="en"><head><title>Shop</title>
      <meta name="viewport" content="width=device-width">
      <script type="module" src="${pages[path] ? path : '/'}.js"></script></head>
      <body>${page.body ?? '<h1>Shop</h1>'}</body></html>`
    response.end(page.document ?? made)
  }

  const http = createServer((request, response) => {
    answer(request, response).catch((error) => response.writeHead(500).end(String(error)))
  }).listen(0, '127.0.0.1')
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo // it listens on a port
  return {
    origin: `http://127.0.0.1:${port}`,
    async stop() {
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}

/** As the browser wants it; its imports name files as they are. */
async function source(path: string): Promise<string> {
  return stripTypeScriptTypes(await readFile(join(SOURCES, path.slice(FROM.length)), 'utf8'))
}
