// The request id: in every answer and every log line, so that one leads to the other.

import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Middleware } from 'koa'

const ids = new WeakMap<IncomingMessage, string>()

/** The id of a request; `undefined` before the middleware saw it. */
export function requestIdOf(req: IncomingMessage): string | undefined {
  return ids.get(req)
}

/** Always an id of our own: one from outside could be made to look like another's. */
export function requestId(): Middleware {
  return (ctx, next) => {
    const id = `req_${randomUUID().replaceAll('-', '')}`
    ids.set(ctx.req, id)
    ctx.set('X-Request-Id', id)
    return next()
  }
}
