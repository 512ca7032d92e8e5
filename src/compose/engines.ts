// The OpenID engine joined to its adapter, its pages, its keys and the check of its own access tokens.

import { createEngineAdapter } from '../../adapters/oidc/adapter.ts'
import { extraClientMetadata } from '../../adapters/oidc/client-model.ts'
import { createFormerCookies } from '../../adapters/oidc/former-cookies.ts'
import { createHandOn } from '../../adapters/oidc/hand-on.ts'
import { inEngineTerms } from '../../adapters/oidc/outages.ts'
import {
  createRefreshTokenRotation,
  createRotationsUnderWay,
} from '../../adapters/oidc/refresh-tokens.ts'
import { handedOnOf } from '../../adapters/oidc/session-cookies.ts'
import { createNoteUse } from '../../adapters/oidc/session-model.ts'
import { createOutgoingFetch } from '../../adapters/outgoing/fetch.ts'
import { createEnginePages } from '../../interactions/engine-pages.ts'
import { requestIdOf } from '../http/request-id.ts'
import { type CheckAccessToken, createCheckAccessToken } from '../provider/access-tokens.ts'
import { type CheckProof, createCheckProof } from '../provider/dpop-proofs.ts'
import { createEngines, type Engines, type EnginesParts } from '../provider/engines.ts'
import { lifetimes } from '../provider/lifetimes.ts'
import type { SignedOutClient } from '../provider/logout.ts'
import { sessionRequest } from '../provider/session-request.ts'
import { ADMIN_API_PATH } from '../routes/admin-api/routes.ts'
import { CLIENT_API_PATH } from '../routes/client-api/routes.ts'
import { createPermissions } from '../services/identity/accounts/permissions.ts'
import { apiScopes, apiScopesOf } from '../services/identity/clients/api-scopes.ts'
import { CONSOLE_CLIENT_ID } from '../services/identity/clients/console-client.ts'
import { resolveLifetimes } from '../services/identity/clients/lifetimes.ts'
import {
  type CheckAdminToken,
  createCheckAdminToken,
} from '../services/identity/sessions/admin-tokens.ts'
import type { Issuers } from '../services/organisations/issuers.ts'
import { SECOND } from '../shared/clock.ts'
import { locales } from '../shared/locale.ts'
import { hasExpired, isActive } from '../stores/client-life.ts'
import type { Client } from '../stores/clients.ts'
import { StoreUnavailable } from '../stores/errors.ts'
import type { Organisation } from '../stores/organisations.ts'
import { createPermissionStore } from '../stores/permissions.ts'
import type { Commerce } from './commerce.ts'
import type { Ground } from './ground.ts'
import type { Identity } from './identity.ts'
import type { Keys } from './keys.ts'
import { outgoingRules } from './outgoing.ts'
import { composeDynamicClients, placeholderSecretOf, registrationPartsOf } from './registration.ts'
import { testSignInsOf } from './test-sign-ins.ts'

type Parts = {
  /** The default one. */
  organisation: Organisation
  issuers: Issuers
  identity: Identity
  commerce: Commerce
  keys: Keys
}

type TokenChecks = { checkAccessToken: CheckAccessToken; checkAdminToken: CheckAdminToken }

export function composeEngines(
  ground: Ground,
  parts: Parts,
): Engines & TokenChecks & { checkProof: CheckProof } {
  const { config, documents, ephemeral, keyring, clock, random, log } = ground
  const { identity, commerce, issuers, keys } = parts
  const tests = testSignInsOf(ground)
  const checks = tokenChecksOf(ground, parts, (owner) => engines.of(owner))
  const dynamicClients = composeDynamicClients(ground, identity)
  const engines = createEngines({
    issuerOf: issuers.issuerOf,
    ...addressesOf(config),
    ...storageOf(ground, identity, dynamicClients),
    ...happeningsOf(identity),
    clientMetadata: extraClientMetadata,
    cookieDigestsOf: (owner) => (cookie) => keyring.digests('cookies', owner._id, cookie),
    signingKeys: keys.signingKeys,
    permissions: inEngineTerms(
      createPermissions({ store: createPermissionStore(documents), clock }),
    ),
    pagesOf: (owner) =>
      createEnginePages({
        organisation: owner,
        issuer: issuers.issuerOf(owner),
        requestIdOf: (ctx) => requestIdOf(ctx.req),
      }),
    locales,
    apiScopes: { all: apiScopes, of: apiScopesOf },
    ...inEngineTerms({
      findAccount: identity.accounts.findActive,
      claimsOfCustomer: commerce.customers.claims,
      checkAccessToken: checks.checkAccessToken,
    }),
    verifyClientSecret: async (client, secret) =>
      tests.isSecret(client, secret) || identity.clients.verifySecret(client, secret),
    isTestAddress: tests.isRedirectUri,
    async hasEnded(owner, id) {
      // While the store is away the page says that, and no more.
      const client = await identity.clients.find(owner, id).catch(unlessAway)
      return client !== undefined && hasExpired(client, clock.now())
    },
    isHandedOn: (cookie) => handedOnOf(cookie) !== undefined,
    restarts: {
      ...inEngineTerms(identity.restarts),
      tokenFor: identity.restarts.tokenFor,
    },
    registrationOf: registrationPartsOf(ground, dynamicClients, identity.clients),
    requestIdOf,
    clock,
    random,
    fetch: createOutgoingFetch({ rules: outgoingRules(config) }),
    log,
  })
  const checkProof = createCheckProof({
    clock,
    remember: (key, ttl) => ephemeral.setIfAbsent(key, '', ttl),
  })
  return { ...engines, ...checks, checkProof }
}

/** The two APIs, and the one client that gets tokens for the second. */
function addressesOf({ baseUrl }: Ground['config']): Pick<EnginesParts, 'clientApi' | 'adminApi'> {
  return {
    clientApi: `${baseUrl}${CLIENT_API_PATH}`,
    adminApi: { address: `${baseUrl}${ADMIN_API_PATH}`, client: CONSOLE_CLIENT_ID },
  }
}

/** The engines' own access tokens, as the two APIs check them. */
function tokenChecksOf(
  { config, clock }: Ground,
  { organisation, issuers, identity }: Parts,
  engineOf: Engines['of'],
): TokenChecks {
  const { clientApi, adminApi } = addressesOf(config)
  const checkParts = {
    clock,
    async keysOf(issuer) {
      const owner = await issuers.organisationOf(issuer)
      return owner && (await engineOf(owner)).keys
    },
    isDenied: identity.denials.isDenied,
    ...inEngineTerms({
      async isClientActive(owner: string, id: string) {
        const client = await identity.clients.find(owner, id)
        return client !== undefined && isActive(client, clock.now())
      },
    }),
  } satisfies Omit<Parameters<typeof createCheckAccessToken>[0], 'audience'>
  return {
    checkAccessToken: createCheckAccessToken({ ...checkParts, audience: clientApi }),
    checkAdminToken: createCheckAdminToken({
      checkAccessToken: createCheckAccessToken({ ...checkParts, audience: adminApi.address }),
      organisation: organisation._id,
      findAccount: identity.accounts.findActive,
      hasFixedCode: identity.reviewers.has,
    }),
  }
}

/** What an organisation's engine keeps: its models, and how sessions and refresh tokens change hands. */
function storageOf(
  { documents, ephemeral, keyring, clock, random }: Ground,
  identity: Identity,
  registration: ReturnType<typeof composeDynamicClients>,
): Pick<EnginesParts, 'adapterFor' | 'handOnSession' | 'rotationOf'> {
  const formerCookies = createFormerCookies({
    ephemeral,
    keyring,
    life: lifetimes.formerCookie * SECOND,
  })
  const underWay = createRotationsUnderWay()
  const sessionModelOf = (owner: Organisation) => ({
    organisation: owner._id,
    documents,
    clock,
    recent: identity.recent,
    formerCookies,
    sessionIdle: resolveLifetimes(owner.lifetimes).sessionIdle,
    sessionRequest,
  })
  return {
    adapterFor: (owner) =>
      createEngineAdapter({
        ...sessionModelOf(owner),
        ephemeral,
        // What was short-lived when it was removed is not found again after it was restored.
        ...(owner.restoredAt && { keySpace: `${owner._id}.${owner.restoredAt}` }),
        onGrantEnded: (grantId) => identity.denials.deny(owner._id, 'grant', grantId),
        underWay,
        findClient: identity.clients.find,
        keyring,
        placeholderSecret: (clientId) => placeholderSecretOf(keyring, clientId),
        registration,
      }),
    handOnSession: (owner, ...session) =>
      createHandOn({ ...sessionModelOf(owner), random })(...session),
    rotationOf: (owner) => ({
      rotation: inEngineTerms(
        createRefreshTokenRotation({ organisation: owner._id, documents, clock, underWay }),
      ),
      keyring,
      clock,
      window: resolveLifetimes(owner.lifetimes).refreshWindow,
      onSessionUsed: createNoteUse(sessionModelOf(owner)),
      onReuse: (reuse) => identity.onRefreshTokenReused(owner, reuse),
    }),
  }
}

/** What others hear of: who comes to an application, and which sessions end. */
function happeningsOf({ accounts, sessions, notices }: Identity) {
  return inEngineTerms({
    async onEntered(owner: Organisation, account: string, { _id }: Client) {
      if (_id !== CONSOLE_CLIENT_ID) await accounts.becomeCustomer(owner, account)
    },
    onSessionEnded: (owner: Organisation, uid: string) => sessions.signedOut(owner._id, uid),
    onClientSignedOut: (owner: Organisation, { uid, account, ...client }: SignedOutClient) =>
      notices.tell({ organisation: owner._id, uid, account, clients: [client] }),
  })
}

function unlessAway(error: unknown): undefined {
  if (!(error instanceof StoreUnavailable)) throw error
}
