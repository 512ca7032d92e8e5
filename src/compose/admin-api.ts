// The Admin API joined to the services behind it.

import type { Middleware } from 'koa'
import type { ErrorHandlerParts } from '../http/error-handler.ts'
import type { RateLimiter } from '../http/rate-limit.ts'
import { REGISTRATION_PATH } from '../provider/registration.ts'
import { apiKeyRoutes } from '../routes/admin-api/api-keys.ts'
import { brandRoutes } from '../routes/admin-api/brand.ts'
import { clientRoutes } from '../routes/admin-api/clients.ts'
import type { Caller } from '../routes/admin-api/guard.ts'
import { keyRoutes } from '../routes/admin-api/keys.ts'
import { meRoutes, type Place } from '../routes/admin-api/me.ts'
import { operatorRoutes, platformOperatorRoutes } from '../routes/admin-api/operators.ts'
import { policyRoutes } from '../routes/admin-api/policies.ts'
import { registrationRoutes } from '../routes/admin-api/registration.ts'
import { createAdminApi } from '../routes/admin-api/routes.ts'
import type { Routes } from '../routes/admin-api/serve.ts'
import { createIdempotency } from '../services/events/idempotency.ts'
import type { Registration } from '../services/identity/clients/registration.ts'
import type { CheckAdminToken } from '../services/identity/sessions/admin-tokens.ts'
import type { Agreements } from '../services/identity/sign-in/agreements.ts'
import type { ApiKeys } from '../services/operators/api-keys.ts'
import type { Invitations } from '../services/operators/invitations.ts'
import type { Operators } from '../services/operators/operators.ts'
import type { Brands } from '../services/organisations/brands.ts'
import type { Issuers } from '../services/organisations/issuers.ts'
import type { Organisations } from '../services/organisations/organisations.ts'
import type { Policies } from '../services/organisations/policies.ts'
import { createAccountStore } from '../stores/accounts.ts'
import { createIdempotencyStore } from '../stores/idempotency.ts'
import { PLATFORM } from '../stores/operator-roles.ts'
import { composeBrandPreview } from './brands.ts'
import type { Ground } from './ground.ts'
import type { Keys } from './keys.ts'
import { composeOrganisationRoutes } from './organisation-routes.ts'
import { createReachability } from './outgoing.ts'
import { composePeopleRoutes, type PeopleRoutesParts } from './people-routes.ts'
import { composePolicyPreview } from './policies.ts'

export type AdminApiGround = PeopleRoutesParts & {
  checkAdminToken: CheckAdminToken
  invitations: Invitations
  brands: Brands
  policies: Policies
  registration: Registration
  agreements: Pick<Agreements, 'acceptancesOf'>
  keys: Keys
  organisations: Organisations
  issuers: Pick<Issuers, 'issuerOf'>
  rateLimiter: RateLimiter
  classify: ErrorHandlerParts['classify']
}

export function composeAdminApi(ground: Ground, parts: AdminApiGround): Middleware {
  const { config, documents, keyring, clock, log } = ground
  const { organisations } = parts
  return createAdminApi({
    ...parts,
    callerOf: firstOf([keyCaller(parts.apiKeys), operatorCaller(parts)]),
    findOrganisation: organisations.findBySlug,
    platform: PLATFORM,
    idempotency: createIdempotency({ store: createIdempotencyStore(documents), keyring, clock }),
    baseUrl: config.baseUrl,
    routes: routesOf(ground, parts),
    log,
  })
}

/** One line for each file of routes. */
function routesOf(ground: Ground, parts: AdminApiGround): Routes[] {
  const { documents, clock } = ground
  const { operators, organisations, identity, brands, policies, keys, issuers } = parts
  const ensureKeys = keys.signingKeys.forOrganisation
  return [
    meRoutes({ placesOf: placesOf(operators, organisations) }),
    ...composeOrganisationRoutes(ground, parts),
    clientRoutes({
      clients: identity.clientAdministration,
      issuerOf: issuers.issuerOf,
      whyUnreachable: createReachability(ground.config, clock),
      clock,
    }),
    operatorRoutes({ ...parts, platform: PLATFORM }),
    platformOperatorRoutes({ ...parts, platform: PLATFORM }),
    brandRoutes({
      brands,
      preview: composeBrandPreview(parts, clock),
      issuerOf: issuers.issuerOf,
    }),
    apiKeyRoutes({ ...parts, platform: PLATFORM, clock }),
    registrationRoutes({
      ...parts,
      endpointOf: (organisation) => `${issuers.issuerOf(organisation)}${REGISTRATION_PATH}`,
      clock,
    }),
    policyRoutes({
      policies,
      acceptancesOf: parts.agreements.acceptancesOf,
      findAccount: createAccountStore(documents).findById,
      issuerOf: issuers.issuerOf,
      drawPreview: composePolicyPreview(issuers, clock),
    }),
    keyRoutes({ rotation: keys.rotation, ensureKeys }),
    ...composePeopleRoutes(ground, parts),
  ]
}

function operatorCaller({ checkAdminToken, operators }: AdminApiGround) {
  return async (token: string): Promise<Caller | undefined> => {
    const { email } = (await checkAdminToken(token)) ?? {}
    if (email === undefined) return undefined
    const standingIn = (place: string) => operators.standingIn(place, email)
    return { kind: 'operator', name: email, email, standingIn }
  }
}

function keyCaller(apiKeys: ApiKeys) {
  return async (key: string): Promise<Caller | undefined> => {
    const rights = await apiKeys.check(key)
    if (!rights) return undefined
    const { id, place, role, scopes } = rights
    const reaches = (where: string): boolean => place === PLATFORM || place === where
    return {
      kind: 'api-key',
      name: id,
      rights,
      scopes: new Set(scopes),
      standingIn: async (where) => (reaches(where) ? { id, role } : undefined),
    }
  }
}

/** Tokens and keys look different: at most one of the checks says whose it is. */
function firstOf(checks: readonly ((token: string) => Promise<Caller | undefined>)[]) {
  return async (token: string): Promise<Caller | undefined> => {
    for (const check of checks) {
      const caller = await check(token)
      if (caller) return caller
    }
    return undefined
  }
}

const MOST_PLACES = 100

function placesOf(operators: Operators, organisations: Organisations) {
  return async ({ email, rights, standingIn }: Caller) => {
    const isPlatformOwner = (await standingIn(PLATFORM))?.role === 'platform-owner'
    const held = rights
      ? [{ organisation: rights.place, role: rights.role }]
      : await operators.placesOf(email ?? '', MOST_PLACES)
    const places = await Promise.all(
      held.map(async ({ organisation, role }): Promise<Place[]> => {
        const found = await organisations.findById(organisation)
        if (!found || role === 'platform-owner') return []
        return [{ slug: found.slug, name: found.name, role }]
      }),
    )
    return { isPlatformOwner, places: places.flat() }
  }
}
