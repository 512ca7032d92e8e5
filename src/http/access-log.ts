// One log line for every request that was answered: no query, no body, no header that could hold a secret.

import type { Middleware } from 'koa'
import type { Log } from '../shared/log.ts'
import { requestIdOf } from './request-id.ts'

export function accessLog(log: Log): Middleware {
  return (ctx, next) => {
    const start = process.hrtime.bigint()
    // On `close`, which comes for aborted requests too, and whoever wrote the answer.
    ctx.res.once('close', () => {
      log.info(
        {
          method: ctx.method,
          path: withoutIds(ctx.originalUrl.split('?', 1)[0] ?? ''),
          status: ctx.res.statusCode,
          ms: Number((process.hrtime.bigint() - start) / 1_000_000n),
          request: requestIdOf(ctx.req),
          ...(!ctx.res.writableFinished && { aborted: true }),
        },
        'request',
      )
    })
    return next()
  }
}

/**
 * The uid of an interaction opens its page together with a cookie, an invitation's token together with a mail
 * address, and the ticket of a hand-off by itself: neither a key nor half of one belongs into a log. The engine folds
 * case, so that we do here.
 */
function withoutIds(path: string): string {
  return path
    .replace(/^((?:\/o\/[^/]+)?\/(?:sign-in|oauth\/authorize)\/)[^/]+/i, '$1:uid')
    .replace(/^((?:\/o\/[^/]+)?\/oauth\/handoff\/)[^/]+/i, '$1:ticket')
    .replace(/^(\/admin\/invitations\/)[^/]+/i, '$1:token')
    .slice(0, 200)
}
