// Narrow typings where we meet the engine: its types lag behind, and its context holds what we put there.

import type Provider from 'oidc-provider'
import type { Grant, KoaContextWithOIDC } from 'oidc-provider'
import type { Client } from '../stores/clients.ts'

/** Our own record of an engine client: it travels as metadata of our own (`foyer_client`). */
export function recordOf(client: object): Client {
  return (client as { foyer_client: Client }).foyer_client // adapters/oidc puts it into every client
}

/** Our record of the client of this request. */
export function clientOf(ctx: KoaContextWithOIDC): Client {
  const { client } = ctx.oidc
  if (!client) throw new TypeError('asked for the client before the engine found one')
  return recordOf(client)
}

/** A grant that lives as long as its client's refresh tokens may: the engine takes `client`, its typings do not. */
export function newGrant(provider: Provider, of: { accountId: string; client: object }): Grant {
  const properties: { accountId: string } = of
  return new provider.Grant(properties)
}

/** The cookie that a session was read by: the engine keeps it when it gives the session a new one. */
export function cookieOf(session: { readonly jti: string }): string {
  const { oldId } = session as { oldId?: string } // put there by `resetIdentifier`
  return oldId ?? session.jti
}

/** The path that the engine puts in front of its own: what was stripped before the request came here. */
export function mountPathOf(ctx: KoaContextWithOIDC): string {
  return (ctx as { mountPath?: string }).mountPath ?? '' // put there by `setMountPath`
}

/** A client as error pages need it. */
export type ClientView = { name: string; homeUri?: string; initiateLoginUri?: string }

export function clientView({ name, homeUri, initiateLoginUri }: Client): ClientView {
  return { name, ...(homeUri && { homeUri }), ...(initiateLoginUri && { initiateLoginUri }) }
}

/** The scopes that this request names; empty when it names none. */
export function requestedScopes(ctx: KoaContextWithOIDC): Set<string> {
  const scope = ctx.oidc.params?.scope
  return new Set(typeof scope === 'string' ? scope.split(' ').filter(Boolean) : [])
}

/** The resource servers of an authorization request, by identifier. */
export type Resources = { readonly [identifier: string]: { readonly scopes: Set<string> } }

/** The resource servers that this request is about. */
export function resourcesOf(ctx: KoaContextWithOIDC): Resources {
  return ctx.oidc.resourceServers ?? {}
}
