// The APIs as the engine's resource servers (RFC 8707): who gets a token for which, with which scopes.

import { errors, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider'
import { type Clock, SECOND } from '../shared/clock.ts'
import type { Client } from '../stores/clients.ts'
import { lifetimes } from './lifetimes.ts'
import { clientOf, requestedScopes } from './seam.ts'
import { endOfTokens } from './session-ends.ts'

/** Scopes that say who somebody is; everything else is an API scope. */
export const oidcScopes = [
  'openid',
  'profile',
  'email',
  'phone',
  'address',
  'offline_access',
] as const

/** Whether the scope is one of OpenID Connect's own. */
export function isOidcScope(scope: string): boolean {
  return (oidcScopes as readonly string[]).includes(scope)
}

type ResourcesParts = {
  /** The Client API's address: the `aud` of its tokens. */
  clientApi: string
  /** The Admin API's address, and the one client that gets tokens for it, and for nothing else. */
  adminApi: { address: string; client: string }
  /** The API scopes that a client may be given. */
  apiScopesOf(client: Client): readonly string[]
  isApiScope(scope: string): boolean
  /** How long the client's access tokens live, in milliseconds. */
  accessTokenLifeOf(client: Client): number
  clock: Clock
}

/** Configuration of `features.resourceIndicators`. */
export function createResources(parts: ResourcesParts) {
  const { clientApi, adminApi } = parts
  const isConsole = (client: Client): boolean => client._id === adminApi.client
  const apiOf = (client: Client): string => (isConsole(client) ? adminApi.address : clientApi)
  const wantsApi = (scopes: Iterable<string>): boolean => [...scopes].some(parts.isApiScope)

  /** So many seconds, or those that the session has left: who checks these tokens may not ask us. */
  async function untilEnd(ctx: KoaContextWithOIDC, life: number): Promise<number> {
    const end = (await endOfTokens(ctx)) ?? Number.POSITIVE_INFINITY
    return Math.max(1, Math.min(life, end - Math.floor(parts.clock.now() / SECOND)))
  }

  return {
    enabled: true,

    /** Without `resource`, the scopes tell: who asks an API scope wants the API. First-party clients always do. */
    defaultResource(ctx: KoaContextWithOIDC, _client: unknown, oneOf?: readonly string[]) {
      const client = clientOf(ctx)
      const api = apiOf(client)
      if (oneOf) return oneOf.includes(api) ? api : [...oneOf]
      if (client.kind === 'machine') return undefined
      return client.firstParty || wantsApi(requestedScopes(ctx)) ? api : undefined
    },

    /** The resource granted at authorization is used at the token endpoint without being named again. */
    useGrantedResource(ctx: KoaContextWithOIDC, model: { scopes: Set<string> }) {
      const scopes = requestedScopes(ctx)
      return clientOf(ctx).firstParty || wantsApi(scopes.size > 0 ? scopes : model.scopes)
    },

    /** Another resource, or a client that may not use the API: `invalid_target`. */
    async getResourceServerInfo(
      ctx: KoaContextWithOIDC,
      resource: string,
    ): Promise<ResourceServer> {
      const client = clientOf(ctx)
      // What an operator may do is their role's to say, not a scope's.
      const apiScopes = isConsole(client) ? [] : parts.apiScopesOf(client)
      const mayUse = client.firstParty || apiScopes.length > 0
      if (resource !== apiOf(client) || client.kind === 'machine' || !mayUse)
        throw new errors.InvalidTarget()
      const life = isConsole(client)
        ? lifetimes.adminAccessToken
        : parts.accessTokenLifeOf(client) / SECOND
      return {
        // The OpenID scopes too, so that the token answer's `scope` says all that was granted.
        scope: [...oidcScopes, ...apiScopes].join(' '),
        audience: resource,
        accessTokenFormat: 'jwt',
        accessTokenTTL: await untilEnd(ctx, life),
        jwt: { sign: { alg: 'RS256' } },
      }
    },
  }
}
