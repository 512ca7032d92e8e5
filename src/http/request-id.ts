// The request id: in every answer, error page and log line, so that one leads to the other.

import { randomInt } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Context, Middleware } from 'koa'

const ids = new WeakMap<IncomingMessage, string>()

/** The id of a request; `undefined` before the middleware saw it. */
export function requestIdOf(req: IncomingMessage): string | undefined {
  return ids.get(req)
}

/** Where a request came from, as the audit log keeps it. */
export function auditSourceOf(ctx: Context): { source: string; request?: string } {
  const request = requestIdOf(ctx.req)
  return { source: ctx.ip, ...(request && { request }) }
}

/** Always an id of our own: one from outside could be made to look like another's. */
export function requestId(): Middleware {
  return (ctx, next) => {
    const id = newRequestId()
    ids.set(ctx.req, id)
    ctx.res.setHeader('X-Request-Id', id)
    return next()
  }
}

/** Crockford's digits: none looks or sounds like another. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * Such as `7kq4-m2xd-9p3w`: people read it out on the phone, as the support code of an error page. Its 60
 * bits tell a thousand million requests apart.
 */
function newRequestId(): string {
  return `${fourDigits()}-${fourDigits()}-${fourDigits()}`
}

function fourDigits(): string {
  const bits = randomInt(2 ** 20)
  const digit = (shift: number): string => DIGITS.charAt((bits >> shift) & 31)
  return digit(15) + digit(10) + digit(5) + digit(0)
}
