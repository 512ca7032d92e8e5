// What a request says of its address: one host, a path, and nothing that two parsers read differently.

import type { Context, Middleware } from 'koa'
import { AppError } from '../shared/errors.ts'

/**
 * A path and a query as they may be sent (RFC 9112, 3.2.1; RFC 3986, 3.3): visible ASCII, without a fragment. At a
 * `#` or a byte beyond, Koa's parser changes its mind, and takes `//user@host/path` for a host and a path.
 */
const TARGET = /^\/[!"$-~]*$/

/** Refuses request targets in absolute form (RFC 9112, 3.2.2), which carry a second host, and two `Host` headers. */
export function onlyPlainTargets(): Middleware {
  return (ctx, next) => {
    const target = ctx.req.url ?? ''
    if (!TARGET.test(target)) {
      if (!ctx.path) ctx.url = '/' // all of it was taken for a host: whoever answers reads a path
      throw new AppError('bad_request', { message: 'The request target must be a path' })
    }
    // Node takes the first of two, a proxy perhaps the last (RFC 9112, 3.2).
    if (hostsOf(ctx.req.rawHeaders) > 1)
      throw new AppError('bad_request', { message: 'The request names more than one host' })
    if (ctx.path.includes('\0') || /%00/.test(target))
      throw new AppError('bad_request', { message: 'The address has a NUL character' })
    return next()
  }
}

/** How many `Host` headers there are, by the list that stands as it came: names and values in turn. */
function hostsOf(headers: readonly string[]): number {
  let count = 0
  for (let index = 0; index < headers.length; index += 2)
    if (headers[index]?.toLowerCase() === 'host') count += 1
  return count
}

/**
 * Makes what reads the host that a request names, with its port, as URLs spell it: from `Host` alone, whatever
 * proxies say beside it, in lower case, and without the port that addresses of the scheme of `baseUrl` have
 * anyway (RFC 9110, 4.2.3), which some programs write out. A dot at its end stays: to browsers such a name
 * is another origin, with cookies of its own.
 */
export function createHostOf(baseUrl: string): (ctx: Context) => string {
  const usualPort = baseUrl.startsWith('https:') ? /:(?:443)?$/ : /:(?:80)?$/
  return (ctx) => ctx.get('host').toLowerCase().replace(usualPort, '')
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** The other names of this machine lead to `baseUrl`, where that is one of them. */
export function redirectLoopback(baseUrl: string): Middleware {
  const own = new URL(baseUrl)
  const hostOf = createHostOf(baseUrl)
  const names = LOOPBACK.includes(own.hostname)
    ? LOOPBACK.map((name) => (own.port ? `${name}:${own.port}` : name))
    : []
  return (ctx, next) => {
    const host = hostOf(ctx)
    if (host === own.host || !names.includes(host) || !isRead(ctx)) return next()
    ctx.status = 307
    ctx.redirect(`${baseUrl}${ctx.req.url}`)
  }
}

/** Whether the request only asks for something, so that it can be sent elsewhere. */
export function isRead(ctx: Context): boolean {
  return ctx.method === 'GET' || ctx.method === 'HEAD'
}
