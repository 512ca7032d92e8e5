// Starting a sign-in again: what is kept of a request when its pages are shown, and how it is asked once more.

import { UnsecuredJWT } from 'jose'
import type { Context } from 'koa'
import type Provider from 'oidc-provider'
import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { KeptRequest, Restart, Restarts } from '../services/identity/sign-in/restarts.ts'
import type { Clock } from '../shared/clock.ts'
import { type Random, sha256 } from '../shared/secrets.ts'
import { lifetimes } from './lifetimes.ts'
import { type ClientView, clientView, recordOf } from './seam.ts'

/** How a sign-in that is over can go on; the pages declare the same shape as theirs. */
export type RestartView = {
  /** Who asked, unless the client is gone. */
  client?: ClientView
  /** Whether this browser, now, may ask the same again. */
  isOpen: boolean
  /** Told only to the browser in which the sign-in began. */
  loginHint?: string
  uiLocales: readonly string[]
}

/** The page that ended: its uid and token as they came, and which of its two cookies would come along. */
export type RestartPage = { uid: string; token: unknown; cookie: 'interaction' | 'resume' }

/** What we look at of an engine's interaction; its typings leave `parJti` out. */
type Interaction = {
  uid: string
  params: Readonly<Record<string, unknown>>
  trusted?: readonly string[] | undefined
  cid: string
  parJti?: string
}

type Parts = { organisation: string; restarts: Restarts; clock: Clock; random: Random }

export type RestartPoints = ReturnType<typeof createRestartPoints>

/** Ids of the requests that we push ourselves say which one they repeat. */
const REPEATS = /^restart\.([\w-]{22})\./
/** How the token of a page's address begins. */
const NAMES = /^([\w-]{22})\./
const URN = 'urn:ietf:params:oauth:request_uri:'

/** The same for every interaction of one request, however often it is asked again. */
function idOf({ cid, parJti = '' }: Interaction): string {
  return REPEATS.exec(parJti)?.[1] ?? sha256(cid).slice(0, 22)
}

/** Makes the functions of one issuer. */
export function createRestartPoints({ organisation, restarts, clock, random }: Parts) {
  const tokenOf = (interaction: object): string => {
    const point = interaction as Interaction // the engine's, see the type
    const { uid, params } = point
    return restarts.tokenFor(organisation, {
      id: idOf(point),
      uid,
      client: String(params.client_id),
    })
  }

  async function read({ uid, token }: RestartPage): Promise<Restart | undefined> {
    return typeof token === 'string' ? restarts.read(organisation, { uid, token }) : undefined
  }

  return {
    tokenOf,

    /**
     * Whether the application has been answered, in another window: a page of it must do no more. The token
     * of the page's address names the request before its interaction is read, so that both are read in one
     * trip; what it names counts only where it is the interaction's own.
     */
    askWhetherAnswered(token: unknown): (interaction: object) => Promise<boolean> {
      const [, named] = (typeof token === 'string' && NAMES.exec(token)) || []
      const asked = named === undefined ? undefined : restarts.isAnswered(organisation, named)
      asked?.catch(() => {}) // whoever asks for the answer hears of it
      return (interaction) => {
        const id = idOf(interaction as Interaction) // the engine's, see the type
        return asked && id === named ? asked : restarts.isAnswered(organisation, id)
      }
    },

    /** Keeps what was asked for; called when the engine wants to show a page. */
    async keep(ctx: KoaContextWithOIDC, interaction: object): Promise<void> {
      const { params, trusted, ...rest } = interaction as Interaction // the engine's, see the type
      // Later pages of a request, and a request that is asked again, find it kept.
      if (ctx.oidc.route !== 'authorization' || REPEATS.test(rest.parJti ?? '')) return
      await restarts.keep(organisation, idOf({ params, ...rest }), {
        parameters: params,
        isTrusted: (trusted?.length ?? 0) > 0,
        acceptedAt: clock.now(),
      })
    },

    /** What the page may offer; `undefined` when its token is none of ours. */
    async view(
      provider: Provider,
      ctx: Context,
      page: RestartPage,
    ): Promise<RestartView | undefined> {
      const restart = await read(page)
      if (!restart) return undefined
      const isOwn = isOwnBrowser(provider, ctx, page)
      const client = await provider.Client.find(restart.client)
      const { login_hint: hint, ui_locales: locales } = restart.request?.parameters ?? {}
      return {
        ...(client && { client: clientView(recordOf(client)) }),
        isOpen: isOwn && restart.isOpen && client !== undefined,
        ...(isOwn && typeof hint === 'string' && { loginHint: hint }),
        uiLocales: typeof locales === 'string' ? locales.split(' ').filter(Boolean) : [],
      }
    },

    /**
     * The address at which the same request is asked again: as if the client had pushed it (RFC 9126), so
     * that nothing of it stands in an address, and the engine checks all of it anew (O15). `undefined` when
     * this browser did not begin it, its hour is over, or the application has its answer.
     */
    async ask(provider: Provider, ctx: Context, page: RestartPage): Promise<string | undefined> {
      const restart = await read(page)
      if (!restart?.request || !restart.isOpen) return undefined
      if (!isOwnBrowser(provider, ctx, page)) return undefined
      const jti = `restart.${restart.id}.${random.token(32)}`
      await push(provider, { jti, request: restart.request })
      const address = new URL(provider.pathFor('authorization'), provider.issuer)
      address.searchParams.set('client_id', restart.client)
      address.searchParams.set('request_uri', `${URN}${jti}`)
      return address.href
    },

    /** However many windows went the same way: the application gets one answer to one request. */
    answerOnce(refuse: (ctx: KoaContextWithOIDC, error: Error) => Promise<void>) {
      return async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
        await next()
        const id = answeredRequest(ctx)
        if (!id || (await restarts.answer(organisation, id))) return
        ctx.remove('location')
        const error = new errors.SessionNotFound('the request was answered in another window')
        ctx.status = error.statusCode
        ctx.oidc.provider.emit('authorization.error', ctx, error)
        await refuse(ctx, error)
      }
    },
  }
}

/** The cookie of that page is bound to its path and signed: only the browser that began it has it. */
function isOwnBrowser(provider: Provider, ctx: Context, { uid, cookie }: RestartPage): boolean {
  const { cookies } = provider.createContext(ctx.req, ctx.res)
  return cookies.get(provider.cookieName(cookie), { signed: true }) === uid
}

/** The id of the request that this response answers, if it has had pages. */
function answeredRequest(ctx: KoaContextWithOIDC): string | undefined {
  if (!ctx.oidc || ctx.status >= 400) return undefined
  const { Interaction: entity, PushedAuthorizationRequest: pushed } = ctx.oidc.entities
  const interaction = entity as Interaction | undefined // the engine's, see the type
  if (ctx.oidc.route === 'authorization' && !interaction)
    return REPEATS.exec((pushed as { jti?: string } | undefined)?.jti ?? '')?.[1]
  // Another uid is the next page's; without parameters the engine has not gone on yet.
  const isLast = ctx.oidc.route === 'resume' && ctx.oidc.params && interaction
  return isLast && interaction.uid === ctx.params.uid ? idOf(interaction) : undefined
}

/** The engine's model of a pushed request; its typings know neither `jti` nor that `trusted` is a boolean. */
type PushedRequest = new (properties: {
  jti: string
  request: string
  trusted: boolean
  dpopJkt?: string
}) => { save(ttl: number): Promise<string> }

/** Undocumented surface of the engine, pinned by a test. */
async function push(
  provider: Provider,
  { jti, request }: { jti: string; request: KeptRequest },
): Promise<void> {
  const { parameters, isTrusted } = request
  const Model = provider.PushedAuthorizationRequest as unknown as PushedRequest // see the type
  const thumbprint = parameters.dpop_jkt
  const pushed = new Model({
    jti,
    // As the engine itself writes what it was pushed; how long it is good is said by where it is kept.
    request: new UnsecuredJWT({ ...parameters })
      .setIssuer(String(parameters.client_id))
      .setAudience(provider.issuer)
      .encode(),
    trusted: isTrusted,
    ...(typeof thumbprint === 'string' && { dpopJkt: thumbprint }),
  })
  await pushed.save(lifetimes.pushedAuthorizationRequest)
}
