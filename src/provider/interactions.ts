// What the sign-in pages ask of the engine: read an interaction, and hand its result back.

import type { Context } from 'koa'
import type Provider from 'oidc-provider'
import { errors, type InteractionResults } from 'oidc-provider'
import type { Permissions } from '../services/identity/accounts/permissions.ts'
import { SECOND } from '../shared/clock.ts'
import type { Client } from '../stores/clients.ts'
import { EMAIL_CODE } from './claims.ts'
import { addScopes } from './grants.ts'
import type { RestartPage, RestartPoints, RestartView } from './restarts.ts'
import { newGrant, recordOf } from './seam.ts'

type EngineInteraction = Awaited<ReturnType<Provider['interactionDetails']>>

/** An interaction as the pages see it; they declare the same shape as theirs. */
export type InteractionView = {
  uid: string
  prompt: 'login' | 'consent'
  client: { id: string; name: string; firstParty: boolean; links: ClientLinks }
  loginHint?: string
  uiLocales: readonly string[]
  askedScopes: readonly string[]
  accountId?: string
  isProven: boolean
  expiresAt: number
  restart: string
}

type Parts = {
  organisation: string
  provider: Provider
  permissions: Permissions
  restarts: RestartPoints
}

/** Makes the functions that the pages get for one issuer. */
export function createInteractionEngine(parts: Parts) {
  const { provider, restarts } = parts
  /** What a request has read already: reading it proves the cookie, and asks the store. */
  const found = new WeakMap<Context, EngineInteraction>()

  async function details(ctx: Context): Promise<EngineInteraction | undefined> {
    const known = found.get(ctx)
    if (known) return known
    try {
      const interaction = await provider.interactionDetails(ctx.req, ctx.res)
      if (interaction.uid !== ctx.params.uid) return undefined
      found.set(ctx, interaction)
      return interaction
    } catch (error) {
      if (error instanceof errors.SessionNotFound) return undefined
      throw error
    }
  }

  /** The engine's `interactionResult`, on the interaction that was read before. */
  async function finish(ctx: Context, result: InteractionResults): Promise<void> {
    const interaction = await details(ctx)
    if (!interaction) throw new errors.SessionNotFound('interaction session not found')
    interaction.result = result
    await interaction.persist()
    goOn(ctx, interaction)
  }

  function goOn(ctx: Context, interaction: EngineInteraction): void {
    ctx.status = 303 // RFC 9700, 4.12: never repeat the POST with what was typed
    // The engine leaves the query alone; where it cannot go on, its page needs the token.
    ctx.redirect(`${interaction.returnTo}?r=${restarts.tokenOf(interaction)}`)
  }

  return {
    async read(ctx: Context): Promise<InteractionView | undefined> {
      const isAnsweredOf = restarts.askWhetherAnswered(ctx.query.r)
      const interaction = await details(ctx)
      if (!interaction) return undefined
      const [client, isAnswered] = await Promise.all([
        provider.Client.find(String(interaction.params.client_id)),
        isAnsweredOf(interaction),
      ])
      if (!client || isAnswered) return undefined
      return {
        ...viewOf(interaction, client, await askedScopes(provider, interaction)),
        restart: restarts.tokenOf(interaction),
      }
    },

    signedIn(
      ctx: Context,
      account: { accountId: string; at: number; remember: boolean; endsBy?: number },
    ) {
      const login = {
        accountId: account.accountId,
        ts: Math.floor(account.at / SECOND),
        remember: account.remember,
        amr: ['otp'], // RFC 8176
        acr: EMAIL_CODE,
        ...(account.endsBy !== undefined && { endsBy: Math.floor(account.endsBy / SECOND) }),
      }
      return finish(ctx, { login })
    },

    async goOn(ctx: Context): Promise<void> {
      const interaction = await details(ctx)
      if (!interaction) throw new errors.SessionNotFound('interaction session not found')
      goOn(ctx, interaction)
    },

    async forget(ctx: Context): Promise<void> {
      const interaction = await details(ctx)
      if (!interaction?.result) return
      delete interaction.result
      await interaction.persist()
    },

    async allowed(ctx: Context): Promise<void> {
      const interaction = await details(ctx)
      const account = interaction?.session?.accountId
      const asking = await provider.Client.find(String(interaction?.params.client_id))
      if (!interaction || !account || !asking)
        throw new errors.SessionNotFound('interaction session not found')
      const client = asking.clientId
      const scopes = missingScopes(interaction)
      const known = interaction.grantId ? await provider.Grant.find(interaction.grantId) : undefined
      const grant = known ?? newGrant(provider, { accountId: account, client: asking })
      addScopes(grant, scopes, missingResources(interaction))
      const grantId = await grant.save()
      // `offline_access` is asked each time (OpenID Connect Core 11), so it is not remembered.
      await parts.permissions.allow(
        { organisation: parts.organisation, account, client },
        scopes.filter((scope) => scope !== 'offline_access'),
      )
      await finish(ctx, { ...interaction.lastSubmission, consent: { grantId } })
    },

    ended: (ctx: Context): Promise<RestartView | undefined> =>
      restarts.view(provider, ctx, pageOf(ctx)),

    async startAgain(ctx: Context): Promise<boolean> {
      const address = await restarts.ask(provider, ctx, pageOf(ctx))
      if (!address) return false
      ctx.status = 303
      ctx.redirect(address)
      return true
    },

    cancelled(ctx: Context): Promise<void> {
      return finish(ctx, {
        error: 'access_denied',
        error_description: 'the customer cancelled',
      })
    },
  }
}

/** The sign-in page of this request's path, with the token of its address. */
function pageOf(ctx: Context): RestartPage {
  return { uid: String(ctx.params.uid), token: ctx.query.r, cookie: 'interaction' }
}

function viewOf(
  interaction: EngineInteraction,
  client: object,
  scopes: readonly string[],
): Omit<InteractionView, 'restart'> {
  const { params, prompt, result, session, uid, exp } = interaction
  const record = recordOf(client)
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  return {
    uid,
    prompt: prompt.name === 'consent' ? 'consent' : 'login',
    client: {
      id: record._id,
      name: record.name,
      firstParty: record.firstParty,
      links: linksOf(record),
    },
    ...(params.login_hint !== undefined && { loginHint: text(params.login_hint) }),
    uiLocales: text(params.ui_locales).split(' ').filter(Boolean),
    askedScopes: scopes,
    ...(session?.accountId && { accountId: session.accountId }),
    // The engine throws an interaction away once it goes on with its result.
    isProven: prompt.name === 'login' && result?.login !== undefined,
    expiresAt: exp * SECOND,
  }
}

/** Pages of the application's own, for people to read before they allow it anything. */
type ClientLinks = { home?: string; policy?: string; terms?: string }

function linksOf({ homeUri, policyUri, termsUri }: Client): ClientLinks {
  return {
    ...(homeUri && { home: homeUri }),
    ...(policyUri && { policy: policyUri }),
    ...(termsUri && { terms: termsUri }),
  }
}

/** What the consent prompt found missing, as its checks report it. */
type MissingDetails = {
  missingOIDCScope?: string[]
  missingResourceScopes?: { [resource: string]: string[] }
}

function missingOf(interaction: EngineInteraction): MissingDetails {
  return interaction.prompt.details as MissingDetails // filled by the engine's checks of the consent prompt
}

/** What is missing; all that was granted, too, where the client wants the customer asked again (`prompt=consent`). */
async function askedScopes(
  provider: Provider,
  interaction: EngineInteraction,
): Promise<readonly string[]> {
  const missing = missingScopes(interaction)
  const isAskedAgain = interaction.prompt.reasons.includes('consent_prompt')
  if (!isAskedAgain || !interaction.grantId) return missing
  const grant = await provider.Grant.find(interaction.grantId)
  const resources = Object.keys(grant?.resources ?? {})
  const granted = resources.map((resource) => grant?.getResourceScope(resource))
  const known = [grant?.getOIDCScope(), ...granted].flatMap((scope) => scope?.split(' ') ?? [])
  const requested = String(interaction.params.scope ?? '').split(' ')
  return requested.filter((scope) => missing.includes(scope) || known.includes(scope))
}

function missingScopes(interaction: EngineInteraction): string[] {
  const { missingOIDCScope = [], missingResourceScopes = {} } = missingOf(interaction)
  return [...new Set([...missingOIDCScope, ...Object.values(missingResourceScopes).flat()])]
}

function missingResources(interaction: EngineInteraction) {
  const { missingResourceScopes = {} } = missingOf(interaction)
  return Object.fromEntries(
    Object.entries(missingResourceScopes).map(([resource, scopes]) => [
      resource,
      { scopes: new Set(scopes) },
    ]),
  )
}
