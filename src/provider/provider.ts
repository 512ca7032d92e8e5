// One issuer's engine: the certified library, configured, with what it does not do by itself put around it.

import type { IncomingMessage, ServerResponse } from 'node:http'
import Provider, {
  type Configuration,
  type KoaContextWithOIDC,
  type Session,
  type TokenEndpointGrantContext,
} from 'oidc-provider'
import { mountOf } from '../shared/issuer.ts'
import type { Log } from '../shared/log.ts'
import type { Client } from '../stores/clients.ts'
import type { CheckAccessToken } from './access-tokens.ts'
import { showClock } from './dpop-proofs.ts'
import { redeemWithoutRedirect } from './first-party-codes.ts'
import { putOffLogoutTokens, refuseLogoutTokensAsHints, type SignedOutClient } from './logout.ts'
import { publishMetadata } from './metadata.ts'
import { type EnginePages, renderError } from './options.ts'
import { takeOwnOnly } from './own-browser.ts'
import { answerByPost, replaceSubmittingPages } from './pass-on.ts'
import { matchAddresses } from './previews.ts'
import type { RegistrationParts } from './registration.ts'
import { answerRegistration } from './registration-answers.ts'
import { answerUnrouted, checkedBody, type Middleware } from './requests.ts'
import type { RestartPoints } from './restarts.ts'
import { endGrantsFirst } from './revocation.ts'
import { createRefreshHandler, type RotationParts } from './rotation.ts'
import { recordOf } from './seam.ts'
import { keepEnds } from './session-ends.ts'
import { findStructuredTokens } from './structured-tokens.ts'

export type ProviderParts = {
  issuer: string
  options: Configuration
  /** Public JWKs, for the key set. */
  publishedKeys: readonly object[]
  pages: EnginePages
  log: Log
  /** For `scopes_supported`. */
  apiScopes: readonly string[]
  checkAccessToken: CheckAccessToken
  verifyClientSecret(client: Client, secret: string): Promise<boolean>
  /** Whether a test sign-in of the console comes back there: as good as a registered redirect URI. */
  isTestAddress(client: Client, uri: string): boolean
  /** A session has ended, for good; resolves when that is kept. */
  onSessionEnded(uid: string): Promise<void>
  /** Somebody signed out of one application and stays signed in; resolves when that is kept. */
  onClientSignedOut(client: SignedOutClient): Promise<void>
  /** How refresh tokens are replaced. */
  rotation: RotationParts
  restarts: RestartPoints
  hasEnded(clientId: string): Promise<boolean>
  registration?: RegistrationParts | undefined
  requestIdOf(req: IncomingMessage): string | undefined
}

/** Content Security Policy of whatever is no page of ours. */
const ENGINE_PAGE_POLICY =
  "default-src 'none'; script-src 'none'; frame-ancestors 'none'; base-uri 'none'"

export function createProvider(parts: ProviderParts): Provider {
  const { pages } = parts
  const provider = createBare(parts)
  // The host and scheme were pinned to the issuer before the request came here, see `pinToIssuer`.
  provider.proxy = true
  checkSecretsAsDigests(provider, parts)
  matchAddresses(provider, parts.isTestAddress)
  tellOfEndedSessions(provider, parts)
  keepEnds(provider)
  putOffLogoutTokens(provider, parts.onClientSignedOut)
  refuseLogoutTokensAsHints(provider)
  endGrantsFirst(provider)
  findStructuredTokens(provider, parts.checkAccessToken)
  provider.use(answerFaults(parts))
  provider.use(showClock())
  provider.use(setMountPath(mountOf(parts.issuer)))
  provider.use(checkedBody(parts.checkAccessToken))
  provider.use(answerUnrouted(pages))
  if (parts.registration) provider.use(answerRegistration(parts.registration))
  provider.use(publishMetadata(parts))
  provider.use(replaceSubmittingPages(provider, pages))
  provider.use(
    parts.restarts.answerOnce((ctx, error) =>
      renderError(parts, ctx, {
        out: { error: 'invalid_request', error_description: error.message },
        error,
      }),
    ),
  )
  logFaults(provider, parts)
  return provider
}

/** Hands a request to the engine; resolves when it was answered. */
export type Dispatch = (req: IncomingMessage, res: ServerResponse) => Promise<void>

/** What takes the requests of this engine: it is put together once, for all of them. */
export function createDispatch(provider: Provider): Dispatch {
  const { host, protocol } = new URL(provider.issuer)
  const handle = provider.callback()
  return async (req, res) => {
    pinToIssuer(req, { host, protocol: protocol.slice(0, -1) })
    await handle(req, res)
  }
}

/** The arguments of `Provider.registerGrantType`; its typings give them no name. */
type GrantRegistration<Params extends object> = [
  name: string,
  handler: (ctx: TokenEndpointGrantContext<Params>) => void | Promise<void>,
  params?: string | readonly string[] | ReadonlySet<string>,
  duplicates?: string | readonly string[] | ReadonlySet<string>,
]

/**
 * The library with our page in place of its `form_post`, our order of writes around its refreshing, and codes
 * that come without a redirect.
 * It registers its own through these two methods while it is built; the first to register a name has it.
 */
function createBare({ issuer, options, pages, rotation }: ProviderParts): Provider {
  type RegisterMode = Provider['registerResponseMode']
  type Handler<Params extends object> = GrantRegistration<Params>[1]
  function around<Params extends object>(name: string, handler: Handler<Params>): Handler<Params> {
    if (name === 'refresh_token') return createRefreshHandler(handler, rotation)
    return name === 'authorization_code' ? redeemWithoutRedirect(handler) : handler
  }
  class IssuerProvider extends Provider {
    /** Of every request, also of those that our own pages have the engine look at. */
    override createContext(...request: Parameters<Provider['createContext']>) {
      const ctx = super.createContext(...request)
      takeOwnOnly(ctx, issuer)
      return ctx
    }

    override registerResponseMode(...[name, handler]: Parameters<RegisterMode>): void {
      super.registerResponseMode(name, name === 'form_post' ? answerByPost(pages) : handler)
    }

    override registerGrantType<Params extends object>(
      ...[name, handler, ...rest]: GrantRegistration<Params>
    ): void {
      super.registerGrantType(name, around(name, handler), ...rest)
    }
  }
  return new IssuerProvider(issuer, options)
}

/** Makes the request look as if it came to the issuer's own address, whatever its headers said. */
function pinToIssuer(req: IncomingMessage, issuer: { host: string; protocol: string }): void {
  req.headers.host = issuer.host
  req.headers['x-forwarded-proto'] = issuer.protocol
  for (const header of ['forwarded', 'x-forwarded-host', 'x-forwarded-for'])
    delete req.headers[header]
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

/** The engine removes a session's record when it only renames it, too: what is its end is known here alone. */
function tellOfEndedSessions(provider: Provider, { onSessionEnded }: ProviderParts): void {
  const { destroy } = provider.Session.prototype
  provider.Session.prototype.destroy = async function (this: Session): Promise<void> {
    // Without an account nothing was issued from it.
    if (this.accountId) await onSessionEnded(this.uid)
    await destroy.call(this)
  }
}

/** The engine makes its own addresses with it; the request's path was stripped of it before. */
function setMountPath(mountPath: string): Middleware {
  return (ctx, next) => {
    Object.assign(ctx, { mountPath }) // what koa-mount would do
    return next()
  }
}

/** What escapes the engine's own error handlers still gets a clean answer; an outage says when to come back. */
function answerFaults({ pages, log, requestIdOf }: ProviderParts): Middleware {
  return async (ctx, next) => {
    ctx.set('content-security-policy', ENGINE_PAGE_POLICY)
    try {
      await next()
    } catch (error) {
      const status = statusOf(error)
      const code = status === 503 ? 'temporarily_unavailable' : 'server_error'
      log.error({ err: error, request: requestIdOf(ctx.req) }, 'the engine threw')
      ctx.status = status
      ctx.body = { error: code }
      if (ctx.accepts('json', 'html') === 'html') pages.error(ctx, { code, status })
    }
    if (ctx.status === 503) ctx.set('retry-after', '5')
  }
}

function statusOf(error: unknown): number {
  const { statusCode } = error as { statusCode?: unknown } // any thrown value may be asked for a property
  return typeof statusCode === 'number' ? statusCode : 500
}

function logFaults(provider: Provider, { log, requestIdOf }: ProviderParts): void {
  provider.silent = true // Koa would print to stderr
  const fault = (ctx: KoaContextWithOIDC, error: Error): void =>
    log.error({ err: error, request: requestIdOf(ctx.req) }, 'the engine failed')
  const refusal = (ctx: KoaContextWithOIDC, error: Error & { error_detail?: string }): void => {
    const line = {
      route: ctx.oidc?.route,
      client: ctx.oidc?.client?.clientId,
      error: error.message,
      detail: error.error_detail,
      request: requestIdOf(ctx.req),
    }
    // A store that is away: which, and why, is the operator's to know.
    if (statusOf(error) >= 500) log.error({ ...line, err: error.cause }, 'the engine cannot answer')
    else log.info(line, 'the engine refused')
  }
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
  'backchannel.error',
  'registration_create.error',
  'registration_read.error',
  'registration_update.error',
  'registration_delete.error',
]
