// The envelope of every JSON answer of our own APIs.

import type { Context } from 'koa'
import type { AppError } from '../shared/errors.ts'

export function sendData(ctx: Context, data: unknown): void {
  ctx.body = { success: true, data }
}

/** The status and headers are set by the error handler. */
export function sendFailure(ctx: Context, error: AppError, requestId: string | undefined): void {
  ctx.type = 'json'
  ctx.body = {
    success: false,
    error: error.message,
    code: error.code,
    request_id: requestId,
    ...(error.fields && { details: error.fields }),
  }
}
