// The demo shop's two pages: files of `apps/demo/shop`, with what only the running server knows put in.

import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Middleware } from 'koa'
import { isRead } from '../http/host.ts'
import { sendPage } from '../http/security-headers.ts'
import { type BuiltRelease, integrityOf } from './browser-library.ts'

const pages: { readonly [path: string]: string } = {
  '/': 'index.html',
  '/module.html': 'module.html',
}

/** `/`, with the script tag, and `/module.html`, with the modules. */
export function createDemoShopPages(parts: {
  /** Where the pages are. */
  folder: string
  issuer: string
  clientId: string
  /** The business. */
  brand: string
  readLibrary(): BuiltRelease
}): Middleware {
  return (ctx, next) => {
    const file = pages[ctx.path]
    if (!isRead(ctx) || file === undefined) return next()
    const html = fill(readFileSync(join(parts.folder, file), 'utf8'), valuesOf(parts))
    sendPage(ctx, { html, policy: policyOf(html, parts.issuer) })
    // As browsers have it by themselves: the issuer then sees that the shop itself sends its customer on.
    ctx.set('Referrer-Policy', 'strict-origin-when-cross-origin')
  }
}

function valuesOf(parts: Parameters<typeof createDemoShopPages>[0]): Map<string, string> {
  const { issuer, clientId, brand } = parts
  const { version, files } = parts.readLibrary()
  const hashes = [...files].map(([name, bytes]) => [`hash of ${name}`, integrityOf(bytes)] as const)
  return new Map([
    ['issuer', issuer],
    ['client id', clientId],
    ['brand', brand],
    ['library', `${issuer}/dom/${version}`],
    ...hashes,
  ])
}

/** `{{name}}` becomes the value, as text. */
function fill(page: string, values: ReadonlyMap<string, string>): string {
  return page.replace(/\{\{([^}]+)\}\}/g, (_, name) =>
    (values.get(name) ?? '').replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`),
  )
}

/**
 * As strict as a careful shop's: no script but files, its own and the library's, no markup made by scripts
 * (Trusted Types), styles from files alone. The map that names the modules can be nothing but inline.
 */
function policyOf(html: string, issuer: string): string {
  const [, importMap] = /<script type="importmap">([\s\S]*?)<\/script>/.exec(html) ?? []
  return [
    "default-src 'none'",
    `script-src 'self' ${issuer}${importMap ? ` 'sha256-${hash('sha256', importMap, 'base64')}'` : ''}`,
    `connect-src ${issuer}`,
    "style-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
}
