// The Koa app: middleware in order, surfaces mounted.

import Koa, { type Context, type Middleware } from 'koa'
import { addressesOf, restartTokenOf } from '../interactions/addresses.ts'
import { frameOf } from '../interactions/frame.ts'
import { localeOf } from '../interactions/locale.ts'
import { type ErrorKind, errorPage } from '../interactions/pages/error.ts'
import { type PageFrame, policyOf } from '../interactions/pages/layout.ts'
import { frontOf, type WayOn } from '../interactions/way-on.ts'
import { accessLog } from './http/access-log.ts'
import { sendFailure } from './http/envelope.ts'
import { errorHandler } from './http/error-handler.ts'
import { createHostOf, isRead, onlyPlainTargets, redirectLoopback } from './http/host.ts'
import { requestId } from './http/request-id.ts'
import { securityHeaders, sendPage } from './http/security-headers.ts'
import { isAdminApiPath } from './routes/admin-api/routes.ts'
import { isClientApiPath, refuseBeforehand } from './routes/client-api/routes.ts'
import { isRegistrationPath } from './routes/registration-limit.ts'
import type { Issuers } from './services/organisations/issuers.ts'
import { AppError } from './shared/errors.ts'
import type { Log } from './shared/log.ts'
import { StoreUnavailable } from './stores/errors.ts'
import type { Organisation } from './stores/organisations.ts'

export type AppParts = {
  baseUrl: string
  isProduction: boolean
  trustProxy: number
  issuers: Issuers
  /** What is our own below the engine's path. Each answers its own paths and passes on the others. */
  oauthSurfaces: readonly Middleware[]
  /** Hands the request to the engine; resolves when it was answered. */
  engine(ctx: Context): Promise<void>
  health: Middleware
  /** Called more than all else: it is asked first. */
  clientApi: Middleware
  /** What every issuer has. Each answers its own paths and passes on the others. */
  issuerSurfaces: readonly Middleware[]
  /** What is only under `BASE_URL` itself. */
  baseSurfaces: readonly Middleware[]
  /** `GET /` of every issuer that has nothing else there. */
  frontPage: Middleware
  log: Log
}

export function createApp(parts: AppParts): Koa {
  const app = new Koa({ proxy: parts.trustProxy > 0, maxIpsCount: parts.trustProxy })
  app.silent = true // errors are logged by the error handler
  app.on('error', logUnsent(parts.log))

  app.use(requestId())
  app.use(accessLog(parts.log))
  app.use(parts.health)
  app.use(securityHeaders({ secure: parts.baseUrl.startsWith('https:') }))
  app.use(errorHandler({ log: parts.log, classify, answer: answerWithPage(parts.issuers) }))
  app.use(onlyPlainTargets())
  if (!parts.isProduction) app.use(redirectLoopback(parts.baseUrl))
  app.use(findOrganisation(parts))
  app.use(onlyUnderBase(parts.clientApi))
  for (const surface of parts.oauthSurfaces) app.use(surface)
  app.use(toEngine(parts))
  for (const surface of parts.issuerSurfaces) app.use(surface)
  for (const surface of parts.baseSurfaces) app.use(onlyUnderBase(surface))
  app.use(parts.frontPage)
  app.use(() => {
    throw new AppError('not_found')
  })
  return app
}

/** Whoever closes a tab or loses the network while an answer is on its way. */
const LEFT = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'])

function logUnsent(log: Log) {
  return (error: NodeJS.ErrnoException): void => {
    if (LEFT.has(error.code ?? ''))
      log.debug({ err: error }, 'a client left before its answer was sent')
    else log.error({ err: error }, 'an answer could not be sent')
  }
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
  return ctx.state.organisation as Organisation // set for every request by `findOrganisation`
}

/** The path in front of this request's: links have to carry it. Empty for issuers with a host to themselves. */
function mountOf(ctx: Context): string {
  return ctx.state.mount as string // set for every request by `findOrganisation`
}

/** From one source, the address; what follows sees the path as the issuer's own. */
function findOrganisation({ issuers, baseUrl }: AppParts): Middleware {
  const hostOf = createHostOf(baseUrl)
  return async (ctx, next) => {
    const resolved = await issuers.resolve({ host: hostOf(ctx), target: ctx.req.url ?? '/' })
    switch (resolved.outcome) {
      case 'found':
        ctx.state.organisation = resolved.organisation
        ctx.state.mount = resolved.mount
        ctx.url = resolved.path
        return next()
      case 'moved':
        if (!isRead(ctx)) throw new AppError('not_found')
        ctx.status = 307
        return ctx.redirect(resolved.address)
      case 'unknown-organisation':
        throw new AppError('not_found')
      case 'unknown-host':
        throw new AppError('wrong_host')
    }
  }
}

function onlyUnderBase(surface: Middleware): Middleware {
  return (ctx, next) => (organisationOf(ctx).isDefault ? surface(ctx, next) : next())
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

/** Errors outside the APIs are pages; programs that ask for JSON get the same in JSON. */
function answerWithPage(issuers: Issuers) {
  return (ctx: Context, error: AppError, supportCode: string | undefined): void => {
    if (isClientApiPath(ctx.path)) return refuseBeforehand(ctx, error)
    if (isAdminApiPath(ctx.path)) return sendFailure(ctx, error)
    if (ctx.accepts('html', 'json') === 'json' || isRegistrationPath(ctx.path)) {
      ctx.body = { error: error.code, error_description: error.message, request_id: supportCode }
      return
    }
    const kind = kinds[error.status] ?? (error.status >= 500 ? 'internal' : 'request')
    // Where no organisation was found there is none whose brand it could wear.
    const organisation: Organisation | undefined = ctx.state.organisation
    const locale = localeOf(ctx, { fallback: organisation?.locale ?? 'en' })
    const issuer = organisation && issuers.issuerOf(organisation)
    const frame: PageFrame = issuer
      ? frameOf({ organisation, issuer, locale })
      : { locale, brand: 'Foyer' }
    const html = errorPage({
      ...frame,
      kind,
      detail: error.status < 500 && error.code !== 'not_found' ? error.message : '',
      ...(supportCode && { supportCode }),
      ...(issuer && { wayOn: wayOnFrom(ctx, error, issuer) }),
    })
    sendPage(ctx, { html, policy: policyOf(frame.look), status: error.status })
  }
}

/** The same again after a fault. From a form of sign-in to its page; from elsewhere to the front page. */
function wayOnFrom(ctx: Context, error: AppError, issuer: string): WayOn {
  const [, uid] = /^\/sign-in\/([^/]+)/.exec(ctx.path) ?? []
  if (uid)
    return {
      href: addressesOf({ issuer, uid, restart: restartTokenOf(ctx) }).page(),
      isRetry: true,
    }
  return error.status >= 500
    ? { href: `${mountOf(ctx)}${ctx.path.replace(/^\/+/, '/')}`, isRetry: true }
    : { href: frontOf(issuer) }
}

const kinds: { readonly [status: number]: ErrorKind } = {
  403: 'foreign',
  404: 'not-found',
  503: 'unavailable',
}
