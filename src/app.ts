// The Koa app: middleware in order, surfaces mounted.

import { send } from '@koa/send'
import Koa, { type Context, type Middleware } from 'koa'
import { localeOf } from '../interactions/locale.ts'
import { type ErrorKind, errorPage } from '../interactions/pages/error.ts'
import { policy } from '../interactions/pages/layout.ts'
import { accessLog } from './http/access-log.ts'
import { errorHandler } from './http/error-handler.ts'
import { onlyHost } from './http/host.ts'
import { requestId } from './http/request-id.ts'
import { securityHeaders, sendPage } from './http/security-headers.ts'
import { isClientApiPath, refuseBeforehand } from './routes/client-api/routes.ts'
import { AppError } from './shared/errors.ts'
import type { Log } from './shared/log.ts'
import { StoreUnavailable } from './stores/errors.ts'
import type { Organisation } from './stores/organisations.ts'

export type AppParts = {
  baseUrl: string
  isProduction: boolean
  trustProxy: number
  organisation: Organisation
  /** Hands the request to the engine; resolves when it was answered. */
  engine(ctx: Context): Promise<void>
  health: Middleware
  /** Each answers its own paths and passes on the others. */
  surfaces: readonly Middleware[]
  /** The folder of the built demo application; left out in production. */
  demoFolder?: string
  log: Log
}

export function createApp(parts: AppParts): Koa {
  const app = new Koa({ proxy: parts.trustProxy > 0, maxIpsCount: parts.trustProxy })
  app.silent = true // errors are logged by the error handler
  app.on('error', (error) => parts.log.error({ err: error }, 'an answer could not be sent'))

  app.use(requestId())
  app.use(accessLog(parts.log))
  app.use(parts.health)
  app.use(securityHeaders({ secure: parts.baseUrl.startsWith('https:') }))
  app.use(errorHandler({ log: parts.log, classify, answer: answerWithPage(parts) }))
  app.use(onlyHost({ baseUrl: parts.baseUrl, redirectLoopback: !parts.isProduction }))
  app.use(setOrganisation(parts.organisation))
  app.use(toEngine(parts))
  for (const surface of parts.surfaces) app.use(surface)
  if (parts.demoFolder) app.use(demo(parts.demoFolder))
  app.use(() => {
    throw new AppError('not_found')
  })
  return app
}

/** Errors of the stores, bare or in the engine's wrapping, which the HTTP parts do not know. */
export function classify(error: unknown): AppError | undefined {
  const chain = error instanceof Error ? [error, error.cause] : []
  const outage = chain.find((each) => each instanceof StoreUnavailable)
  return (
    outage && new AppError('unavailable', { retryAfter: 5, detail: outage.message, cause: outage })
  )
}

/** The organisation of this request; everything below relies on it. */
export function organisationOf(ctx: Context): Organisation {
  return ctx.state.organisation as Organisation // set for every request by `setOrganisation`
}

function setOrganisation(organisation: Organisation): Middleware {
  return (ctx, next) => {
    ctx.state.organisation = organisation
    return next()
  }
}

const DISCOVERY = new Set([
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
])

function toEngine(parts: AppParts): Middleware {
  return async (ctx, next) => {
    if (!ctx.path.startsWith('/oauth/') && !DISCOVERY.has(ctx.path)) return next()
    ctx.respond = false // the engine writes to the same response
    await parts.engine(ctx).catch((error) => {
      ctx.respond = true // there was no engine to answer: its keys could not be read
      throw error
    })
  }
}

/** The built files: names with a hash are kept for ever, the page itself is asked for again. */
function demo(folder: string): Middleware {
  return async (ctx, next) => {
    if (ctx.path === '/demo') return ctx.redirect('/demo/')
    const isRead = ctx.method === 'GET' || ctx.method === 'HEAD'
    if (!ctx.path.startsWith('/demo/') || !isRead) return next()
    ctx.set(
      'Content-Security-Policy',
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; form-action 'none'",
    )
    const maxAge = ctx.path.startsWith('/demo/assets/') ? 31_536_000_000 : 0
    await send(ctx, ctx.path.slice('/demo'.length), {
      root: folder,
      index: 'index.html',
      maxage: maxAge,
    })
  }
}

/** Errors outside the APIs are pages; programs that ask for JSON get the same in JSON. */
function answerWithPage(parts: AppParts) {
  return (ctx: Context, error: AppError, supportCode: string | undefined): void => {
    if (isClientApiPath(ctx.path)) return refuseBeforehand(ctx, error)
    if (ctx.accepts('html', 'json') === 'json') {
      ctx.body = { error: error.code, error_description: error.message, request_id: supportCode }
      return
    }
    const kind = kinds[error.status] ?? (error.status >= 500 ? 'internal' : 'request')
    const html = errorPage({
      locale: localeOf(ctx, { fallback: parts.organisation.locale }),
      brand: parts.organisation.name,
      kind,
      detail: error.status < 500 && error.code !== 'not_found' ? error.message : '',
      ...(supportCode && { supportCode }),
      // A form of sign-in leads back to its page, whatever was wrong with it.
      ...((error.status >= 500 || ctx.path.startsWith('/sign-in/')) && {
        wayOn: { href: ctx.path },
      }),
    })
    sendPage(ctx, { html, policy, status: error.status })
  }
}

const kinds: { readonly [status: number]: ErrorKind } = {
  403: 'foreign',
  404: 'not-found',
  503: 'unavailable',
}
