// The envelope of every JSON answer of our own APIs.

import type { Context } from 'koa'
import type { AppError } from '../shared/errors.ts'

export function sendData(ctx: Context, data: unknown): void {
  ctx.body = { success: true, data }
}

/**
 * The status and headers are set by the error handler; the request's id is one of them. A 401 says no
 * more than its sentence: its code stands in `WWW-Authenticate`, where RFC 6750, 3 wants it.
 */
export function sendFailure(ctx: Context, error: AppError): void {
  // A 404 or 405 may be kept by caches unless it says otherwise (RFC 9110, 15.1).
  ctx.set('Cache-Control', 'no-store')
  ctx.type = 'json'
  ctx.body = {
    success: false,
    error: error.message,
    ...(error.status !== 401 && { code: error.code }),
    ...(error.fields && { details: error.fields }),
  }
}
