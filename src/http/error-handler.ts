// The one place where errors become answers: refusals in their own words, faults in ours, the log with both.

import type { Context, Middleware } from 'koa'
import { AppError } from '../shared/errors.ts'
import type { Log } from '../shared/log.ts'
import { requestIdOf } from './request-id.ts'

export type ErrorHandlerParts = {
  log: Log
  /** Turns errors of lower floors (a store that is away) into refusals; `undefined` for what it does not know. */
  classify(error: unknown): AppError | undefined
  /** Writes the answer: an envelope, or a page. */
  answer(ctx: Context, error: AppError, requestId: string | undefined): void
}

/** Catches everything below it. Answers that are there already (404 without a body) are left alone. */
export function errorHandler(parts: ErrorHandlerParts): Middleware {
  return async (ctx, next) => {
    try {
      await next()
    } catch (error) {
      const refusal = refusalOf(error, parts)
      const request = requestIdOf(ctx.req)
      const line = {
        request,
        error: refusal.code,
        detail: refusal.detail,
        err: refusal.cause ?? error,
      }
      if (refusal.status >= 500) parts.log.error(line, 'a request failed')
      else parts.log.info({ ...line, err: undefined }, 'a request was refused')
      if (ctx.headerSent || !ctx.writable) return
      ctx.status = refusal.status
      if (refusal.retryAfter !== undefined) ctx.set('Retry-After', String(refusal.retryAfter))
      parts.answer(ctx, refusal, request)
    }
  }
}

function refusalOf(error: unknown, parts: ErrorHandlerParts): AppError {
  if (error instanceof AppError) return error
  return parts.classify(error) ?? new AppError('internal_error', { cause: error })
}
