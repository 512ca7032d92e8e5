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
import { createEngines, type Engines } from '../provider/engines.ts'
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

export function composeEngines(
  ground: Ground,
  parts: {
    /** The default one. */
    organisation: Organisation
    issuers: Issuers
    identity: Identity
    commerce: Commerce
    keys: Keys
  },
): Engines & {
  checkAccessToken: CheckAccessToken
  checkAdminToken: CheckAdminToken
  checkProof: CheckProof
} {
  const { config, documents, ephemeral, keyring, clock, random, log } = ground
  const { organisation, identity, commerce, issuers, keys } = parts
  const clientApi = `${config.baseUrl}${CLIENT_API_PATH}`
  const adminApi = `${config.baseUrl}${ADMIN_API_PATH}`
  const tests = testSignInsOf(ground)
  const checkParts = {
    clock,
    async keysOf(issuer) {
      const owner = await issuers.organisationOf(issuer)
      return owner && (await engines.of(owner)).keys
    },
    isDenied: identity.denials.isDenied,
    ...inEngineTerms({
      async isClientActive(owner: string, id: string) {
        const client = await identity.clients.find(owner, id)
        return client !== undefined && isActive(client, clock.now())
      },
    }),
  } satisfies Omit<Parameters<typeof createCheckAccessToken>[0], 'audience'>
  const checkAccessToken = createCheckAccessToken({ ...checkParts, audience: clientApi })
  const checkAdminToken = createCheckAdminToken({
    checkAccessToken: createCheckAccessToken({ ...checkParts, audience: adminApi }),
    organisation: organisation._id,
    findAccount: identity.accounts.findActive,
    hasFixedCode: identity.reviewers.has,
  })
  const { recent, sessions } = identity
  const formerCookies = createFormerCookies({
    ephemeral,
    keyring,
    life: lifetimes.formerCookie * SECOND,
  })
  const sessionModelOf = (owner: Organisation) => ({
    organisation: owner._id,
    documents,
    clock,
    recent,
    formerCookies,
    sessionIdle: resolveLifetimes(owner.lifetimes).sessionIdle,
    sessionRequest,
  })
  const dynamicClients = composeDynamicClients(ground, identity)
  const underWay = createRotationsUnderWay()
  const engines = createEngines({
    issuerOf: issuers.issuerOf,
    clientApi,
    adminApi: { address: adminApi, client: CONSOLE_CLIENT_ID },
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
        registration: dynamicClients,
      }),
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
    }),
    verifyClientSecret: async (client, secret) =>
      tests.isSecret(client, secret) || identity.clients.verifySecret(client, secret),
    isTestAddress: tests.isRedirectUri,
    async hasEnded(owner, id) {
      // While the store is away the page says that, and no more.
      const client = await identity.clients.find(owner, id).catch(unlessAway)
      return client !== undefined && hasExpired(client, clock.now())
    },
    ...inEngineTerms({
      checkAccessToken,
      async onEntered(owner: Organisation, account: string, { _id }: Client) {
        if (_id !== CONSOLE_CLIENT_ID) await identity.accounts.becomeCustomer(owner, account)
      },
      onSessionEnded: (owner: Organisation, uid: string) => sessions.signedOut(owner._id, uid),
      onClientSignedOut: (owner: Organisation, { uid, account, ...client }: SignedOutClient) =>
        identity.notices.tell({ organisation: owner._id, uid, account, clients: [client] }),
    }),
    handOnSession: (owner, ...session) =>
      createHandOn({ ...sessionModelOf(owner), random })(...session),
    isHandedOn: (cookie) => handedOnOf(cookie) !== undefined,
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
  return { ...engines, checkAccessToken, checkAdminToken, checkProof }
}

function unlessAway(error: unknown): undefined {
  if (!(error instanceof StoreUnavailable)) throw error
}
