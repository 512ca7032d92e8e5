// Which grant an authorization request finds: one per client and session, made silently where nothing is to be asked.

import type { Grant, KoaContextWithOIDC } from 'oidc-provider'
import type { Permissions } from '../services/identity/accounts/permissions.ts'
import type { Client } from '../stores/clients.ts'
import { isOidcScope } from './resources.ts'
import { clientOf, newGrant, type Resources, requestedScopes, resourcesOf } from './seam.ts'

type GrantsParts = {
  organisation: string
  permissions: Permissions
  /** Somebody who is signed in comes to an application; resolves when they are to it what they have to be. */
  onEntered(account: string, client: Client): Promise<void>
}

/**
 * `loadExistingGrant`. First-party clients are never asked about: what they request is granted. Third-party
 * clients get what the customer allowed them before, on any browser; the engine asks for the rest.
 */
export function createLoadExistingGrant({ organisation, permissions, onEntered }: GrantsParts) {
  async function silentScopes(ctx: KoaContextWithOIDC, account: string): Promise<string[]> {
    const wanted = [...requestedScopes(ctx)]
    const client = clientOf(ctx)
    if (client.firstParty) return wanted
    const allowed = await permissions.scopesOf({ organisation, account, client: client._id })
    return wanted.filter((scope) => allowed.has(scope))
  }

  return async function loadExistingGrant(ctx: KoaContextWithOIDC): Promise<Grant | undefined> {
    const { oidc } = ctx
    const session = oidc.session
    const client = oidc.client
    const account = session?.accountId
    if (!session || !client || !account) return undefined
    await onEntered(account, clientOf(ctx))

    const grantId = oidc.result?.consent?.grantId ?? session.grantIdFor(client.clientId)
    const existing = grantId ? await oidc.provider.Grant.find(grantId) : undefined
    if (existing && existing.accountId === account && coversRequest(ctx, existing)) return existing

    const scopes = await silentScopes(ctx, account)
    const usable = existing?.accountId === account ? existing : undefined
    if (scopes.length === 0) return usable
    const grant = usable ?? newGrant(oidc.provider, { accountId: account, client })
    addScopes(grant, scopes, resourcesOf(ctx))
    await grant.save()
    return grant
  }
}

/** Adds scopes to a grant: the OpenID ones for userinfo, and to each resource those that it knows. */
export function addScopes(grant: Grant, scopes: readonly string[], resources: Resources): void {
  grant.addOIDCScope(scopes.filter(isOidcScope).join(' '))
  for (const [resource, server] of Object.entries(resources))
    grant.addResourceScope(resource, scopes.filter((scope) => server.scopes.has(scope)).join(' '))
}

function coversRequest(ctx: KoaContextWithOIDC, grant: Grant): boolean {
  const wanted = [...requestedScopes(ctx)]
  const has = (granted: string, scope: string): boolean => granted.split(' ').includes(scope)
  const oidc = grant.getOIDCScope()
  return (
    wanted.every((scope) => !isOidcScope(scope) || has(oidc, scope)) &&
    Object.entries(resourcesOf(ctx)).every(([resource, server]) => {
      const granted = grant.getResourceScope(resource)
      return wanted.every((scope) => !server.scopes.has(scope) || has(granted, scope))
    })
  )
}
