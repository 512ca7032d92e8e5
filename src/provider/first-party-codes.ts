// Authorization codes that come without a redirect: who signed in on a first-party page gets the session, grant and code that they would have got on ours.

import type Provider from 'oidc-provider'
import { type Client as EngineClient, errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { Lifetimes } from '../services/identity/clients/lifetimes.ts'
import { type Clock, SECOND } from '../shared/clock.ts'
import type { Account } from '../stores/accounts.ts'
import type { Client } from '../stores/clients.ts'
import { EMAIL_CODE } from './claims.ts'
import { addScopes } from './grants.ts'
import { sessionLife } from './lifetimes.ts'
import { isOidcScope, oidcScopes } from './resources.ts'
import { newGrant } from './seam.ts'
import { asRequestOf } from './session-request.ts'

/** What an application asks for, as it says it. */
export type AskedAccess = { scope?: string | undefined; resource?: string | undefined }

export type Access =
  | { outcome: 'granted'; scopes: string[]; resource: string }
  /** Nothing of it is known here. */
  | { outcome: 'invalid-scope' }
  /** Another resource than the Client API (RFC 8707, 2). */
  | { outcome: 'invalid-target' }

export type FirstPartyCode = {
  client: string
  codeChallenge: string
  scopes: readonly string[]
  resource: string
  nonce?: string
  proofKey?: string
  account: string
  /** When they proved who they are, in milliseconds since 1970. */
  at: number
  /** By when the session has to end, where it has to, in milliseconds since 1970. */
  endsBy?: number
  /** `User-Agent`, for their list of sessions. */
  userAgent: string
}

type Parts = {
  provider: Provider
  clientApi: string
  apiScopesOf(client: Client): readonly string[]
  /** What the organisation chose. */
  chosen: Lifetimes
  findAccount(account: string): Promise<Account | undefined>
  clock: Clock
}

export type FirstPartyCodes = {
  /** As the authorization endpoint would decide for a first-party client: what is unknown is left out. */
  judge(client: Client, asked: AskedAccess): Access
  /** Makes the code; `undefined` when the account or the client is gone. */
  issue(request: FirstPartyCode): Promise<string | undefined>
}

/** In place of the redirect URI of such a code. */
const NO_REDIRECT = 'urn:foyer:no-redirect'

/**
 * Undocumented surface of the engine, pinned by a test: its models are made by hand as its authorization
 * endpoint makes them.
 */
export function createFirstPartyCodes(parts: Parts): FirstPartyCodes {
  const { provider, clientApi } = parts

  /** Everything that a client may ask for. */
  function scopesOf(client: Client): readonly string[] {
    // What a preview is given never outlives its session.
    const own = oidcScopes.filter(
      (scope) => scope !== 'offline_access' || client.kind !== 'preview',
    )
    return [...own, ...parts.apiScopesOf(client)]
  }

  async function grantOf(request: FirstPartyCode, client: EngineClient): Promise<string> {
    const grant = newGrant(provider, { accountId: request.account, client })
    addScopes(grant, request.scopes, { [request.resource]: { scopes: new Set(request.scopes) } })
    return grant.save()
  }

  /** Signed in, to this client alone. */
  async function sessionOf(request: FirstPartyCode, clientId: string, given: Given) {
    const session = new provider.Session() as NewSession
    const loginTs = Math.floor(request.at / SECOND)
    const endsBy =
      request.endsBy === undefined ? {} : { endsBy: Math.floor(request.endsBy / SECOND) }
    session.loginAccount({ accountId: request.account, loginTs, ...PROOF, ...endsBy })
    session.ensureClientContainer(clientId)
    Object.assign(session.authorizationFor(clientId), given)
    await asRequestOf(request.userAgent, () => session.save(sessionLife(session, parts)))
    return { sessionUid: session.uid, sid: session.sidFor(clientId), authTime: loginTs }
  }

  return {
    judge(client, { scope, resource = clientApi }) {
      if (resource !== clientApi) return { outcome: 'invalid-target' }
      const may = scopesOf(client)
      const byDefault = may.filter((each) => !isOidcScope(each) || BY_DEFAULT.has(each))
      const asked = new Set(scope?.split(' '))
      const scopes = scope === undefined ? byDefault : may.filter((each) => asked.has(each))
      return scopes.length > 0
        ? { outcome: 'granted', scopes, resource }
        : { outcome: 'invalid-scope' }
    },

    async issue(request) {
      const [client, account] = await Promise.all([
        provider.Client.find(request.client),
        parts.findAccount(request.account),
      ])
      if (!client || !account) return undefined
      const grantId = await grantOf(request, client)
      // Without `offline_access` all of it ends with the session; with it, the grant may outlive it.
      const isKept = request.scopes.includes('offline_access') && request.endsBy === undefined
      const given = { grantId, ...(isKept && { persistsLogout: true as const }) }
      const code = new provider.AuthorizationCode({
        ...(await sessionOf(request, client.clientId, given)),
        ...PROOF,
        client,
        accountId: request.account,
        grantId,
        scope: request.scopes.join(' '),
        resource: request.resource,
        ...(request.nonce !== undefined && { nonce: request.nonce }),
        codeChallenge: request.codeChallenge,
        codeChallengeMethod: 'S256',
        redirectUri: NO_REDIRECT,
        ...(request.proofKey !== undefined && { dpopJkt: request.proofKey }),
        ...(!isKept && { expiresWithSession: true }),
        gty: 'authorization_code', // only the typings want it
      })
      return code.save()
    },
  }
}

/** RFC 8176. */
const PROOF = { amr: ['otp'], acr: EMAIL_CODE }
const BY_DEFAULT: ReadonlySet<string> = new Set(['openid', 'profile', 'email'])

/** What the session remembers of the client. */
type Given = { grantId: string; persistsLogout?: true }

/** Missing from the typings, which know sessions that were read. */
type NewSession = InstanceType<Provider['Session']> & {
  loginAccount(login: {
    accountId: string
    loginTs: number
    amr: string[]
    acr: string
    endsBy?: number
  }): void
  ensureClientContainer(clientId: string): void
  sidFor(clientId: string): string
  authorizationFor(clientId: string): Partial<Given>
  save(ttl: number): Promise<string>
}

/**
 * Around the engine's handler of `grant_type=authorization_code`, which wants a redirect URI of every code:
 * those that were given without a redirect are redeemed without one, and only so (RFC 6749, 4.1.3).
 */
export function redeemWithoutRedirect<Ctx extends KoaContextWithOIDC>(
  handler: (ctx: Ctx) => void | Promise<void>,
): (ctx: Ctx) => Promise<void> {
  return async (ctx) => {
    const { provider, params } = ctx.oidc
    if (params?.redirect_uri === NO_REDIRECT)
      throw new errors.InvalidGrant('authorization code redirect_uri mismatch')
    if (params && params.redirect_uri === undefined && typeof params.code === 'string') {
      // Only looked at: the engine finds it again, and decides.
      const code = await provider.AuthorizationCode.find(params.code, anyCode)
      if (code?.redirectUri === NO_REDIRECT) params.redirect_uri = NO_REDIRECT
    }
    await handler(ctx)
  }
}

/** `ignoreSessionBinding` is missing from the typings. */
const anyCode: { ignoreExpiration: boolean; ignoreSessionBinding: boolean } = {
  ignoreExpiration: true,
  ignoreSessionBinding: true,
}
