// The Admin API: what the console does, for whoever has a token or a key.

import { adminApiDocument } from '@foyer/contract'
import Router from '@koa/router'
import type { Context, Middleware } from 'koa'
import { sendFailure } from '../../http/envelope.ts'
import { type ErrorHandlerParts, errorHandler } from '../../http/error-handler.ts'
import { sameForAll } from '../../http/same-for-all.ts'
import { AppError } from '../../shared/errors.ts'
import { createGuard, type GuardParts } from './guard.ts'
import { createServe, type Routes, type ServeParts } from './serve.ts'

export const ADMIN_API_PATH = '/api/admin/v1'

export type AdminApiParts = GuardParts &
  Omit<ServeParts, 'router' | 'guard'> &
  Pick<ErrorHandlerParts, 'log' | 'classify'> & {
    baseUrl: string
    routes: readonly Routes[]
  }

/** Everything under `/api/admin/v1`, errors and unknown paths included. */
export function createAdminApi(parts: AdminApiParts): Middleware {
  const router = new Router({ prefix: ADMIN_API_PATH })
  const guard = createGuard(parts)
  const serve = createServe({ ...parts, router, guard })
  for (const routes of parts.routes) routes(serve)

  const errors = errorHandler({ ...parts, answer: sendFailure })
  // The router's own context type says more than Koa's.
  const routes = router.routes() as Middleware
  const send = sameForAll(JSON.stringify(adminApiDocument(parts.baseUrl)))
  return (ctx, next) => {
    if (!isAdminApiPath(ctx.path)) return next()
    return errors(ctx, async () => {
      if (ctx.path === `${ADMIN_API_PATH}/openapi.json`) return sendDocument(ctx, send)
      // First of all: who has no token learns not even what there is.
      ctx.state.caller = await guard.caller(ctx)
      await routes(ctx, () => refuse(ctx, router))
    })
  }
}

export function isAdminApiPath(path: string): boolean {
  return path === ADMIN_API_PATH || path.startsWith(`${ADMIN_API_PATH}/`)
}

function sendDocument(ctx: Context, send: (ctx: Context) => void): void {
  if (ctx.method !== 'GET' && ctx.method !== 'HEAD') {
    ctx.set('Allow', 'GET, HEAD')
    throw new AppError('method_not_allowed')
  }
  ctx.type = 'json'
  send(ctx)
}

/** A path that is there for other methods says which; any other is not there. */
async function refuse(ctx: Context, router: Router): Promise<void> {
  const methods = router.match(ctx.path, ctx.method).path.flatMap(({ methods }) => methods)
  if (methods.length === 0) throw new AppError('not_found')
  ctx.set('Allow', [...new Set(methods)].join(', '))
  throw new AppError('method_not_allowed')
}
