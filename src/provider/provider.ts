// One issuer's engine: the certified library, configured, with what it does not do by itself put around it.

import type { IncomingMessage, ServerResponse } from 'node:http'
import Provider, { type Configuration, type KoaContextWithOIDC } from 'oidc-provider'
import type { Log } from '../shared/log.ts'
import { readBody } from '../shared/request-body.ts'
import type { Client } from '../stores/clients.ts'
import type { CheckAccessToken } from './access-tokens.ts'
import { replayBody } from './request-body.ts'
import { recordOf } from './seam.ts'
import { createUserinfoStandIn, introspect, withoutStructuredToken } from './structured-tokens.ts'

export type ProviderParts = {
  issuer: string
  options: Configuration
  log: Log
  /** For `scopes_supported`. */
  apiScopes: readonly string[]
  checkAccessToken: CheckAccessToken
  verifyClientSecret(client: Client, secret: string): Promise<boolean>
  requestIdOf(req: IncomingMessage): string | undefined
}

/** Content Security Policy of the engine's own pages (form_post); the engine adds the hash of its script. */
const ENGINE_PAGE_POLICY =
  "default-src 'none'; script-src 'none'; frame-ancestors 'none'; base-uri 'none'"

export function createProvider(parts: ProviderParts): Provider {
  const { issuer, options } = parts
  const provider = new Provider(issuer, options)
  // The host and scheme were pinned to the issuer before the request came here, see `pinToIssuer`.
  provider.proxy = true
  checkSecretsAsDigests(provider, parts)
  provider.use(answerFaults(parts))
  provider.use(checkedBody(parts))
  provider.use(onRoute('/oauth/userinfo', createUserinfoStandIn(provider, parts.checkAccessToken)))
  provider.use(completeDiscovery(parts.apiScopes))
  logFaults(provider, parts)
  return provider
}

/** Makes the request look as if it came to the issuer's own address, whatever its headers said. */
export function pinToIssuer(req: IncomingMessage, issuer: string): void {
  const { host, protocol } = new URL(issuer)
  req.headers.host = host
  req.headers['x-forwarded-proto'] = protocol.slice(0, -1)
  for (const header of ['forwarded', 'x-forwarded-host', 'x-forwarded-for'])
    delete req.headers[header]
}

/** Hands a request to the engine; resolves when it was answered. */
export async function dispatch(
  provider: Provider,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  pinToIssuer(req, provider.issuer)
  await provider.callback()(req, res)
}

/** Undocumented surface of the engine's Client class, pinned by a test: both methods are looked up on each use. */
function checkSecretsAsDigests(provider: Provider, parts: ProviderParts): void {
  Object.assign(provider.Client.prototype, {
    compareClientSecret(this: object, secret: string): Promise<boolean> {
      return parts.verifyClientSecret(recordOf(this), secret)
    },
    /** `sid` stands in every ID token, whether or not the client takes back-channel logout. */
    includeSid: () => true,
  })
}

type Middleware = (ctx: KoaContextWithOIDC, next: () => Promise<void>) => Promise<void>

/** The engine folds case and one trailing slash: so must whatever looks at the path in front of it. */
function onRoute(path: string, middleware: Middleware): Middleware {
  return (ctx, next) => {
    const folded = ctx.path.toLowerCase().replace(/\/$/, '')
    return folded === path ? middleware(ctx, next) : next()
  }
}

/** What escapes the engine's own error handlers still gets a clean answer; an outage says when to come back. */
function answerFaults({ log, requestIdOf }: ProviderParts): Middleware {
  return async (ctx, next) => {
    ctx.set('content-security-policy', ENGINE_PAGE_POLICY)
    try {
      await next()
    } catch (error) {
      const status = statusOf(error)
      log.error({ err: error, request: requestIdOf(ctx.req) }, 'the engine threw')
      ctx.status = status
      ctx.body = { error: status === 503 ? 'temporarily_unavailable' : 'server_error' }
    }
    if (ctx.status === 503) ctx.set('retry-after', '5')
  }
}

function statusOf(error: unknown): number {
  const { statusCode } = error as { statusCode?: unknown } // any thrown value may be asked for a property
  return typeof statusCode === 'number' ? statusCode : 500
}

/** Bodies are read here, so that nothing too large and no NUL reaches the engine. */
function checkedBody({ checkAccessToken }: ProviderParts): Middleware {
  return async (ctx, next) => {
    if (ctx.method !== 'POST' || !ctx.is('application/x-www-form-urlencoded')) return next()
    const body = await readBody(ctx.req)
    if (body.outcome !== 'read') {
      ctx.status = body.outcome === 'too-large' ? 413 : 400
      ctx.body = {
        error: 'invalid_request',
        error_description: 'the request body is not acceptable',
      }
      return
    }
    const { form, token } = withoutStructuredToken(
      ctx.path.toLowerCase().startsWith('/oauth/introspect') ? body.text : '',
    )
    replayBody(ctx.req, token ? form : body.text)
    await next()
    if (token && ctx.status === 200) ctx.body = await introspect(ctx, token, checkAccessToken)
  }
}

/** The engine lists only its own scopes. */
function completeDiscovery(apiScopes: readonly string[]): Middleware {
  return async (ctx, next) => {
    await next()
    const body = ctx.body as { scopes_supported?: string[] } | undefined // discovery's document, or another answer
    if (ctx.oidc?.route === 'discovery' && body?.scopes_supported)
      ctx.body = { ...body, scopes_supported: [...body.scopes_supported, ...apiScopes] }
  }
}

function logFaults(provider: Provider, { log, requestIdOf }: ProviderParts): void {
  provider.silent = true // Koa would print to stderr
  const fault = (ctx: KoaContextWithOIDC, error: Error): void =>
    log.error({ err: error, request: requestIdOf(ctx.req) }, 'the engine failed')
  const refusal = (ctx: KoaContextWithOIDC, error: Error & { error_detail?: string }): void =>
    log.info(
      {
        route: ctx.oidc?.route,
        client: ctx.oidc?.client?.clientId,
        error: error.message,
        detail: error.error_detail,
        request: requestIdOf(ctx.req),
      },
      'the engine refused',
    )
  // The typings list each event apart; these carry the same arguments.
  const on = provider.on.bind(provider) as (event: string, listener: typeof refusal) => void
  on('server_error', fault)
  for (const event of refusals) on(event, refusal)
}

const refusals = [
  'authorization.error',
  'grant.error',
  'userinfo.error',
  'introspection.error',
  'revocation.error',
  'end_session.error',
  'pushed_authorization_request.error',
]
