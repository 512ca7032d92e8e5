// CORS for APIs whose only key is the token: every origin may call, none with the browser's own credentials.

import cors from '@koa/cors'
import type { Middleware } from 'koa'

const PREFLIGHT_SECONDS = 86_400

export function openCors(): Middleware {
  return cors({
    origin: '*',
    credentials: false,
    allowMethods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    allowHeaders: ['authorization', 'content-type', 'if-match', 'if-none-match', 'dpop'],
    exposeHeaders: [
      'Date', // proofs of possession are made by our clock: a device's may be wrong by days
      'ETag',
      'RateLimit-Limit',
      'RateLimit-Remaining',
      'RateLimit-Reset',
      'Retry-After',
      'WWW-Authenticate',
      'X-Request-Id',
    ],
    maxAge: PREFLIGHT_SECONDS,
    keepHeadersOnError: true,
  })
}

/**
 * For endpoints that judge the origin themselves, by the client that the request names: a preflight names
 * none. Whoever asks may read the answer, also why it was refused; never with the browser's own credentials.
 */
export function judgedCors({ methods }: { methods: readonly string[] }): Middleware {
  return cors({
    origin: (ctx) => ctx.get('origin'),
    credentials: false,
    allowMethods: [...methods],
    allowHeaders: ['authorization', 'content-type', 'dpop'],
    exposeHeaders: ['Date', 'DPoP-Nonce', 'Retry-After', 'WWW-Authenticate', 'X-Request-Id'],
    maxAge: PREFLIGHT_SECONDS,
    keepHeadersOnError: true,
  })
}
