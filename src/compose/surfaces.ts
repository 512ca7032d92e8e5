// The app joined to its surfaces: APIs, pages and what only development has.

import type Koa from 'koa'
import type { Middleware } from 'koa'
import type { Mailbox } from '../../adapters/mail/mailbox.ts'
import { createFrontPage } from '../../interactions/front.ts'
import { classify, createApp, organisationOf } from '../app.ts'
import type { EventStreams } from '../http/event-streams.ts'
import { createRateLimiter, type RateLimiter } from '../http/rate-limit.ts'
import { dpopAlgorithms } from '../provider/options.ts'
import { createResourceMetadata } from '../routes/client-api/metadata.ts'
import { createHealth } from '../routes/health.ts'
import { limitRegistration } from '../routes/registration-limit.ts'
import { apiScopes } from '../services/identity/clients/api-scopes.ts'
import type { Registration } from '../services/identity/clients/registration.ts'
import type { Agreements } from '../services/identity/sign-in/agreements.ts'
import type { ApiKeys } from '../services/operators/api-keys.ts'
import type { Invitations } from '../services/operators/invitations.ts'
import type { Operators } from '../services/operators/operators.ts'
import type { Brands } from '../services/organisations/brands.ts'
import type { Issuers } from '../services/organisations/issuers.ts'
import type { Organisations } from '../services/organisations/organisations.ts'
import type { Policies } from '../services/organisations/policies.ts'
import { StoreUnavailable } from '../stores/errors.ts'
import type { Organisation } from '../stores/organisations.ts'
import { composeAdminApi } from './admin-api.ts'
import { composeBrowserLibrary } from './browser-library.ts'
import { composeChallenge } from './challenge.ts'
import { composeClientApi } from './client-api.ts'
import type { Commerce } from './commerce.ts'
import { composeConsole } from './console.ts'
import { composeDevelopment } from './demo.ts'
import type { composeEngines } from './engines.ts'
import { composeFrontEnds } from './front-ends.ts'
import type { Ground } from './ground.ts'
import { composeDemoAccount, composeHandoff } from './handoff.ts'
import type { Identity } from './identity.ts'
import type { Keys } from './keys.ts'
import { composePages } from './pages.ts'
import { composeAgreements } from './policies.ts'

type AppParts = {
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
}

/** Every surface, with what it needs of the parts below. */
export function composeApp(ground: Ground, parts: AppParts): Koa {
  const { config, documents, ephemeral, log } = ground
  const { organisation, issuers, engines, state } = parts
  const rateLimiter = createRateLimiter({
    ...(config.redisUrl && { increment: ephemeral.increment }),
    isOutage: (error) => error instanceof StoreUnavailable,
    clock: ground.clock,
  })
  const shared = { ...parts, rateLimiter, agreements: composeAgreements(ground, parts.policies) }
  return createApp({
    baseUrl: config.baseUrl,
    isProduction: config.isProduction,
    trustProxy: config.trustProxy,
    issuers,
    oauthSurfaces: [composeChallenge(ground, shared), ...composeHandoff(ground, shared)],
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
    clientApi: composeClientApi(ground, shared),
    issuerSurfaces: composePages(ground, shared),
    baseSurfaces: baseSurfacesOf(ground, shared),
    frontPage: createFrontPage({ organisationOf, issuerOf: issuers.issuerOf }),
    log,
  })
}

/** What else is only under `BASE_URL` itself, in the order in which it is asked. */
function baseSurfacesOf(
  ground: Ground,
  parts: AppParts & { rateLimiter: RateLimiter; agreements: Agreements },
): Middleware[] {
  const { config } = ground
  const consoleSurfaces = composeConsole(ground, parts)
  return [
    ...consoleSurfaces.before, // it forwards to the Admin API
    composeAdminApi(ground, {
      ...parts,
      checkAdminToken: parts.engines.checkAdminToken,
      classify,
    }),
    createResourceMetadata({
      baseUrl: config.baseUrl,
      scopes: apiScopes,
      proofAlgorithms: dpopAlgorithms,
    }),
    composeBrowserLibrary(config),
    ...(config.isProduction ? [] : [composeDevelopment(config, parts), composeDemoAccount(parts)]),
    ...composeFrontEnds(config),
    consoleSurfaces.last,
  ]
}
