// Our own endpoints below `/oauth`: asked by POST from pages of other sites and from apps, answered in OAuth's words.

import type { Context, Middleware } from 'koa'
import { judgedCors } from '../http/cors.ts'
import { type ErrorHandlerParts, errorHandler } from '../http/error-handler.ts'
import { requestIdOf } from '../http/request-id.ts'
import { AppError } from '../shared/errors.ts'

export type OAuthAnswer = {
  status: number
  body: { readonly [member: string]: unknown }
  /** Seconds. */
  retryAfter?: number
}

export type OAuthEndpoint = Pick<ErrorHandlerParts, 'log' | 'classify'> & {
  /** Below the issuer. */
  path: string
  /** The answer to a POST. What it throws is answered as well. */
  answer(ctx: Context): Promise<OAuthAnswer>
}

/** Every origin may read every answer, also why it was refused; whether it may ask, `answer` has to judge. */
export function createOAuthEndpoint(endpoint: OAuthEndpoint): Middleware {
  const cors = judgedCors({ methods: ['POST'] })
  const errors = errorHandler({ ...endpoint, answer: answerError })
  return (ctx, next) => {
    if (ctx.path !== endpoint.path) return next()
    return cors(ctx, () => errors(ctx, () => serve(endpoint, ctx)))
  }
}

async function serve(endpoint: OAuthEndpoint, ctx: Context): Promise<void> {
  ctx.set({ 'Cache-Control': 'no-store', Pragma: 'no-cache' })
  if (ctx.method === 'POST') return send(endpoint, ctx, await endpoint.answer(ctx))
  ctx.set('Allow', 'POST, OPTIONS')
  if (ctx.method !== 'OPTIONS') throw new AppError('method_not_allowed')
  ctx.status = 204 // no preflight, which was answered before: somebody asks what there is
}

/** What is refused stands in the log with its reason: developers ask about it by the id of the request. */
function send(
  { log }: OAuthEndpoint,
  ctx: Context,
  { status, body, retryAfter }: OAuthAnswer,
): void {
  if (body.error !== undefined && body.error !== 'insufficient_authorization')
    log.info(
      { request: requestIdOf(ctx.req), error: body.error, detail: body.error_description },
      'a request was refused',
    )
  ctx.status = status
  if (retryAfter !== undefined) ctx.set('Retry-After', String(retryAfter))
  ctx.body = body
}

/** As OAuth's endpoints say it (RFC 6749, 5.2). */
function answerError(ctx: Context, error: AppError): void {
  const fields = error.fields?.map(({ path, message }) =>
    [path, message].filter(Boolean).join(': '),
  )
  ctx.body = {
    error: codes[error.code] ?? (error.status < 500 ? 'invalid_request' : 'server_error'),
    error_description: fields?.join('; ') ?? error.message,
  }
}

const codes: { readonly [code: string]: string } = {
  invalid_token: 'invalid_token',
  rate_limited: 'rate_limited',
  unavailable: 'temporarily_unavailable',
}
