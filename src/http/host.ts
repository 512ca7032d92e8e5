// Which hosts are served: the installation's own, and nothing that a header claims.

import type { Context, Middleware } from 'koa'
import { AppError } from '../shared/errors.ts'

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/**
 * Refuses a host that is not the one of `baseUrl`, and request targets in absolute form (RFC 9112, 3.2.2),
 * which carry a second host. With `redirectLoopback` the other names of this machine lead to `baseUrl`.
 */
export function onlyHost(parts: { baseUrl: string; redirectLoopback: boolean }): Middleware {
  const own = new URL(parts.baseUrl)
  const otherNames = parts.redirectLoopback ? loopbackNames(own) : []
  return (ctx, next) => {
    if (!ctx.req.url?.startsWith('/'))
      throw new AppError('bad_request', { message: 'The request target must be a path' })
    // Node takes the first of two, a proxy perhaps the last (RFC 9112, 3.2).
    if ((ctx.req.headersDistinct.host?.length ?? 0) > 1)
      throw new AppError('bad_request', { message: 'The request names more than one host' })
    if (ctx.path.includes('\0') || /%00/.test(ctx.req.url))
      throw new AppError('bad_request', { message: 'The address has a NUL character' })
    const host = ctx.get('host').toLowerCase()
    if (host === own.host) return next()
    if (otherNames.includes(host) && isRead(ctx)) {
      ctx.status = 307
      return ctx.redirect(`${parts.baseUrl}${ctx.req.url}`)
    }
    throw new AppError('wrong_host')
  }
}

/** Every name of this machine on the same port, where `own` is one of them. */
function loopbackNames(own: URL): string[] {
  if (!LOOPBACK.includes(own.hostname)) return []
  return LOOPBACK.map((name) => (own.port ? `${name}:${own.port}` : name))
}

function isRead(ctx: Context): boolean {
  return ctx.method === 'GET' || ctx.method === 'HEAD'
}
