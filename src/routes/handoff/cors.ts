// CORS where the origin is part of the question: every page may read why it was refused, none with the browser's own credentials.

import type { Context } from 'koa'

/** Browsers keep it for two hours at the most. */
const PREFLIGHT_SECONDS = 7200

/** `true` when it was a preflight, which is answered now: it has no token yet that would say whose origin may call. */
export function answerOrigin(ctx: Context): boolean {
  const origin = ctx.get('origin')
  ctx.vary('Origin')
  if (origin === '') return false
  ctx.set({
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Expose-Headers': 'Retry-After, X-Request-Id, DPoP-Nonce, WWW-Authenticate',
  })
  if (ctx.method !== 'OPTIONS' || ctx.get('access-control-request-method') === '') return false
  ctx.set({
    'Access-Control-Allow-Methods': 'POST',
    'Access-Control-Allow-Headers': 'authorization, content-type, dpop',
    'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
  })
  ctx.status = 204
  return true
}
