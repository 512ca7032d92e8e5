// Headers that every answer carries, and the policy of pages made on the server.

import { hash } from 'node:crypto'
import type { Context, Middleware } from 'koa'

const ONE_YEAR = 365 * 24 * 60 * 60

const NOTHING = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"

/** `secure` when the installation is reached by https. */
export function securityHeaders({ secure }: { secure: boolean }): Middleware {
  const headers = new Map([
    ['X-Content-Type-Options', 'nosniff'],
    // Neither an interaction's uid nor a client's parameters leave in a `Referer`.
    ['Referrer-Policy', 'no-referrer'],
    ['X-Frame-Options', 'DENY'],
    // For whatever is no page of ours, which says its own: the text of a redirect, an answer in JSON.
    ['Content-Security-Policy', NOTHING],
  ])
  if (secure) headers.set('Strict-Transport-Security', `max-age=${ONE_YEAR}; includeSubDomains`)
  return (ctx, next) => {
    ctx.res.setHeaders(headers)
    return next()
  }
}

/** What a page has: inline, sources of our own, allowed by their hashes. */
export type PageSources = {
  styles: readonly string[]
  scripts?: readonly string[]
  /** Whether it shows pictures of its own server. */
  hasPictures?: boolean
}

/**
 * The Content Security Policy of a page that loads nothing, but for its own server's pictures. There is no `form-action`: browsers apply it
 * to the redirects behind a form too, and ours end at whatever address the client registered.
 */
export function pagePolicy({ styles, scripts = [], hasPictures = false }: PageSources): string {
  const hashes = (sources: readonly string[]): string =>
    sources.length === 0
      ? "'none'"
      : sources.map((source) => `'sha256-${hash('sha256', source, 'base64')}'`).join(' ')
  return [
    "default-src 'none'",
    `style-src ${hashes(styles)}`,
    `script-src ${hashes(scripts)}`,
    `img-src ${hasPictures ? "'self' " : ''}data:`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/**
 * The same for a page whose forms go where only our own may: without a referrer within the house, browsers
 * would say `Origin: null` (Fetch, 3.1). Other sites still hear nothing.
 */
export function sendFormPage(ctx: Context, page: Parameters<typeof sendPage>[1]): void {
  sendPage(ctx, page)
  ctx.set('Referrer-Policy', 'same-origin')
}

/** Answers with a page that is neither kept nor framed. */
export function sendPage(
  ctx: Context,
  page: { html: string; policy: string; status?: number },
): void {
  ctx.status = page.status ?? 200
  ctx.set({ 'Content-Security-Policy': page.policy, 'Cache-Control': 'no-store' })
  ctx.type = 'html'
  ctx.body = page.html
}
