// The Client API joined to the engine, which checks its tokens, and to what it shows.

import type { Middleware } from 'koa'
import { findRefreshTokenOwner } from '../../adapters/oidc/refresh-tokens.ts'
import { classify } from '../app.ts'
import type { EventStreams } from '../http/event-streams.ts'
import type { RateLimiter } from '../http/rate-limit.ts'
import { dpopAlgorithms } from '../provider/options.ts'
import { METADATA_PATH } from '../routes/client-api/metadata.ts'
import { createClientApi } from '../routes/client-api/routes.ts'
import type { Organisations } from '../services/organisations/organisations.ts'
import type { Organisation } from '../stores/organisations.ts'
import type { Commerce } from './commerce.ts'
import type { composeEngines } from './engines.ts'
import type { Ground } from './ground.ts'
import type { Identity } from './identity.ts'

export type ClientApiGround = {
  /** The default one. */
  organisation: Organisation
  organisations: Pick<Organisations, 'findById'>
  identity: Pick<Identity, 'accounts' | 'clients' | 'sessions' | 'denials'>
  commerce: Commerce
  engines: ReturnType<typeof composeEngines>
  streams: EventStreams
  rateLimiter: RateLimiter
}

export function composeClientApi(ground: Ground, parts: ClientApiGround): Middleware {
  const { config, documents, log } = ground
  const { organisation, organisations, identity, engines } = parts
  return createClientApi({
    checkAccessToken: engines.checkAccessToken,
    async customerOf(organisationId, id) {
      const account = await identity.accounts.findActive(organisationId, id)
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
    rateLimiter: parts.rateLimiter,
    ...parts.commerce,
    sessions: identity.sessions,
    streams: parts.streams,
    onDenied: identity.denials.onDenied,
    classify,
    log,
  })
}
