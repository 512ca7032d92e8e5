// The app joined to its surfaces: APIs, pages and what only development has.

import type Koa from 'koa'
import type { Mailbox } from '../../adapters/mail/mailbox.ts'
import { findRefreshTokenOwner } from '../../adapters/oidc/refresh-tokens.ts'
import { createFrontPage } from '../../interactions/front.ts'
import { createPolicyPages } from '../../interactions/policies.ts'
import { createInteractions } from '../../interactions/routes.ts'
import { classify, createApp, organisationOf } from '../app.ts'
import type { EventStreams } from '../http/event-streams.ts'
import { createRateLimiter } from '../http/rate-limit.ts'
import { dpopAlgorithms } from '../provider/options.ts'
import { createBrandPictures } from '../routes/brand-pictures.ts'
import { createResourceMetadata, METADATA_PATH } from '../routes/client-api/metadata.ts'
import { createClientApi } from '../routes/client-api/routes.ts'
import { createHealth } from '../routes/health.ts'
import { limitRegistration } from '../routes/registration-limit.ts'
import { apiScopes } from '../services/identity/clients/api-scopes.ts'
import type { Registration } from '../services/identity/clients/registration.ts'
import type { ApiKeys } from '../services/operators/api-keys.ts'
import type { Invitations } from '../services/operators/invitations.ts'
import type { Operators } from '../services/operators/operators.ts'
import type { Brands } from '../services/organisations/brands.ts'
import type { Issuers } from '../services/organisations/issuers.ts'
import type { Organisations } from '../services/organisations/organisations.ts'
import type { Policies } from '../services/organisations/policies.ts'
import { cookieNameOf, cookiePathOf } from '../shared/issuer.ts'
import { StoreUnavailable } from '../stores/errors.ts'
import type { Organisation } from '../stores/organisations.ts'
import { composeAdminApi } from './admin-api.ts'
import { composeBrowserLibrary } from './browser-library.ts'
import { composeChallenge } from './challenge.ts'
import type { Commerce } from './commerce.ts'
import { composeConsole } from './console.ts'
import { composeDevelopment } from './demo.ts'
import type { composeEngines } from './engines.ts'
import { composeFrontEnds } from './front-ends.ts'
import type { Ground } from './ground.ts'
import { composeDemoAccount, composeHandoff } from './handoff.ts'
import type { Identity } from './identity.ts'
import type { Keys } from './keys.ts'
import { composeAgreements } from './policies.ts'

/** Every surface, with what it needs of the parts below. */
export function composeApp(
  ground: Ground,
  parts: {
    organisation: Organisation
    organisations: Organisations
    issuers: Issuers
    brands: Brands
    identity: Identity
    commerce: Commerce
    operators: Operators
    invitations: Invitations
    apiKeys: ApiKeys
    registration: Registration
    policies: Policies
    keys: Keys
    engines: ReturnType<typeof composeEngines>
    mailbox: Mailbox | undefined
    state: { isDraining: boolean }
    streams: EventStreams
  },
): Koa {
  const { config, documents, ephemeral, clock, log } = ground
  const {
    organisation,
    organisations,
    issuers,
    identity,
    commerce,
    engines,
    mailbox,
    state,
    policies,
  } = parts
  const { accounts } = identity
  const rateLimiter = createRateLimiter({
    ...(config.redisUrl && { increment: ephemeral.increment }),
    isOutage: (error) => error instanceof StoreUnavailable,
    clock,
  })
  const clientApi = createClientApi({
    checkAccessToken: engines.checkAccessToken,
    async customerOf(organisationId, id) {
      const account = await accounts.findActive(organisationId, id)
      if (!account) return { outcome: 'no-account' }
      return account.customer
        ? { outcome: 'linked', customer: account.customer }
        : { outcome: 'not-linked' }
    },
    isFirstParty: async (organisationId, id) =>
      (await identity.clients.find(organisationId, id))?.firstParty === true,
    async refresh(request) {
      // Nothing else of the request says whose it is; an unknown one is refused by whichever engine.
      const id = await findRefreshTokenOwner(documents, request.refreshToken)
      const owner = id && (await organisations.findById(id))
      return (await engines.of(owner || organisation)).refresh(request)
    },
    checkProof: engines.checkProof,
    proofAlgorithms: dpopAlgorithms,
    metadataUri: `${config.baseUrl}${METADATA_PATH}`,
    baseUrl: config.baseUrl,
    rateLimiter,
    ...commerce,
    sessions: identity.sessions,
    streams: parts.streams,
    onDenied: identity.denials.onDenied,
    classify,
    log,
  })
  const agreements = composeAgreements(ground, policies)
  const adminApi = composeAdminApi(ground, {
    ...parts,
    agreements,
    checkAdminToken: engines.checkAdminToken,
    rateLimiter,
    classify,
  })
  const consoleSurfaces = composeConsole(ground, parts)
  const interactions = createInteractions({
    engineOf: async (owner) => (await engines.of(owner)).interactions,
    signIn: identity.signIn,
    agreements,
    emailOf: async (owner, id) => (await accounts.findActive(owner._id, id))?.displayEmail,
    organisationOf,
    issuerOf: issuers.issuerOf,
    knownBrowserCookieOf(owner) {
      const issuer = issuers.issuerOf(owner)
      return {
        name: cookieNameOf(issuer, 'known'),
        path: cookiePathOf(issuer),
        secure: issuer.startsWith('https:'),
      }
    },
    clock,
    log,
  })
  const development = config.isProduction
    ? []
    : [composeDevelopment(config, { organisation, mailbox }), composeDemoAccount(parts)]
  return createApp({
    baseUrl: config.baseUrl,
    isProduction: config.isProduction,
    trustProxy: config.trustProxy,
    issuers,
    oauthSurfaces: [
      composeChallenge(ground, { ...parts, agreements }),
      ...composeHandoff(ground, { ...parts, rateLimiter }),
    ],
    async engine(ctx) {
      const owner = organisationOf(ctx)
      await limitRegistration(ctx, { rateLimiter, organisation: owner._id })
      await (await engines.of(owner)).handle(ctx.req, ctx.res)
    },
    health: createHealth({
      isDraining: () => state.isDraining,
      async checkReady() {
        await Promise.all([documents.ping(), ephemeral.ping(), engines.of(organisation)])
      },
    }),
    issuerSurfaces: [
      createBrandPictures({ organisationOf, find: parts.brands.findPicture }),
      interactions,
      createPolicyPages({
        organisationOf,
        issuerOf: issuers.issuerOf,
        findVersion: policies.find,
        clock,
      }),
    ],
    baseSurfaces: [
      ...consoleSurfaces.before, // it forwards to the Admin API
      clientApi,
      adminApi,
      createResourceMetadata({
        baseUrl: config.baseUrl,
        scopes: apiScopes,
        proofAlgorithms: dpopAlgorithms,
      }),
      composeBrowserLibrary(config),
      ...development,
      ...composeFrontEnds(config),
      consoleSurfaces.last,
    ],
    frontPage: createFrontPage({ organisationOf, issuerOf: issuers.issuerOf }),
    log,
  })
}
