// The Client API: the customer's own data, for any application that holds the customer's token.

import Router from '@koa/router'
import type { Context, Middleware } from 'koa'
import { openCors } from '../../http/cors.ts'
import { sendFailure } from '../../http/envelope.ts'
import { type ErrorHandlerParts, errorHandler } from '../../http/error-handler.ts'
import type { EventStreams } from '../../http/event-streams.ts'
import type { Customers } from '../../services/commerce/customers.ts'
import type { History } from '../../services/commerce/history.ts'
import type { Denials } from '../../services/identity/sessions/denials.ts'
import type { Sessions } from '../../services/identity/sessions/sessions.ts'
import { AppError } from '../../shared/errors.ts'
import { documentationRoutes } from './documentation.ts'
import { createGuard, type GuardParts } from './guard.ts'
import { listRoutes } from './lists.ts'
import { profileRoutes } from './profile.ts'
import { type RefreshParts, refreshRoutes } from './refresh.ts'
import { ownSessionRoutes } from './session.ts'
import { sessionRoutes } from './sessions.ts'

export const CLIENT_API_PATH = '/api/client/v1'

export type ClientApiParts = GuardParts &
  RefreshParts &
  Pick<ErrorHandlerParts, 'log' | 'classify'> & {
    customers: Customers
    history: History
    sessions: Sessions
    streams: EventStreams
    onDenied: Denials['onDenied']
  }

/** Everything under `/api/client/v1`, errors and unknown paths included. */
export function createClientApi(parts: ClientApiParts): Middleware {
  const router = new Router({ prefix: CLIENT_API_PATH })
  const guard = createGuard(parts)
  profileRoutes(router, guard, parts.customers)
  listRoutes(router, guard, parts.history)
  ownSessionRoutes(router, guard, parts)
  sessionRoutes(router, guard, parts.sessions)
  refreshRoutes(router, parts)
  documentationRoutes(router, parts.baseUrl)

  const cors = openCors()
  const errors = errorHandler({ ...parts, answer: sendFailure })
  // The router's own context type says more than Koa's.
  const routes = router.routes() as Middleware
  return (ctx, next) => {
    if (!isClientApiPath(ctx.path)) return next()
    return cors(ctx, () => errors(ctx, () => routes(ctx, () => refuse(ctx, router))))
  }
}

export function isClientApiPath(path: string): boolean {
  return path === CLIENT_API_PATH || path.startsWith(`${CLIENT_API_PATH}/`)
}

/** The envelope for a request that was refused before it came here, readable by every origin as all are. */
export function refuseBeforehand(ctx: Context, error: AppError): void {
  ctx.set('Access-Control-Allow-Origin', '*')
  sendFailure(ctx, error)
}

/** A path that is there for other methods says which; any other is not there. */
async function refuse(ctx: Context, router: Router): Promise<void> {
  const methods = router.match(ctx.path, ctx.method).path.flatMap(({ methods }) => methods)
  if (methods.length === 0) throw new AppError('not_found')
  ctx.set('Allow', [...new Set([...methods, 'OPTIONS'])].join(', '))
  if (ctx.method === 'OPTIONS') {
    ctx.status = 204 // no preflight, which was answered before: somebody asks what there is
    return
  }
  throw new AppError('method_not_allowed')
}
