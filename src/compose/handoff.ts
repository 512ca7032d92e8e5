// The hand-off joined: who may ask for it, the pages that do it, and where they lead.

import type { Middleware } from 'koa'
import { createDemoAccount } from '../../interactions/demo-account.ts'
import { createHandoffPages } from '../../interactions/handoff.ts'
import { classify, organisationOf } from '../app.ts'
import type { RateLimiter } from '../http/rate-limit.ts'
import { dpopAlgorithms } from '../provider/options.ts'
import { mayAskFrom } from '../provider/previews.ts'
import { createHandoffRoute } from '../routes/handoff/routes.ts'
import { createAudit } from '../services/audit/audit.ts'
import { createHandoffs } from '../services/identity/sessions/handoffs.ts'
import type { Issuers } from '../services/organisations/issuers.ts'
import { createAuditStore } from '../stores/audit.ts'
import type { Organisation } from '../stores/organisations.ts'
import type { composeEngines } from './engines.ts'
import type { Ground } from './ground.ts'
import type { Identity } from './identity.ts'

/** In front of the engine. */
export function composeHandoff(
  ground: Ground,
  parts: {
    issuers: Issuers
    engines: ReturnType<typeof composeEngines>
    identity: Identity
    rateLimiter: RateLimiter
  },
): Middleware[] {
  const { config, documents, ephemeral, random, clock, log } = ground
  const { issuers, engines, identity, rateLimiter } = parts
  const { issuerOf } = issuers
  const { findActive } = identity.accounts
  const findSession = async (owner: Organisation, uid: string) =>
    (await engines.of(owner)).findSession(uid)
  /** There is no portal yet; in development a page shows who is signed in. */
  const portalAddressOf = (owner: Organisation): string => {
    const isDemo = owner.isDefault && !config.isProduction
    return `${issuerOf(owner)}${isDemo ? '/demo/account' : '/'}`
  }
  const handoffs = createHandoffs({
    ephemeral,
    findClient: identity.clients.find,
    mayAskFrom,
    findSession,
    findAccount: findActive,
    random,
    clock,
  })
  const shared = { handoffs, organisationOf, issuerOf, portalAddressOf }
  return [
    createHandoffRoute({
      ...shared,
      checkAccessToken: engines.checkAccessToken,
      checkProof: engines.checkProof,
      proofAlgorithms: dpopAlgorithms,
      rateLimiter,
      classify,
      log,
    }),
    createHandoffPages({
      ...shared,
      findSession,
      sessionOf: async (owner, ctx) => (await engines.of(owner)).sessionOf(ctx),
      putSession: async (owner, ctx, session) => (await engines.of(owner)).putSession(ctx, session),
      async endSession({ _id }, { uid, account }) {
        await identity.sessions.end({ organisation: _id, account }, uid)
      },
      emailOf: async ({ _id }, account) => (await findActive(_id, account))?.displayEmail,
      audit: createAudit({ store: createAuditStore(documents), clock }).record,
    }),
  ]
}

/** Not there in production. */
export function composeDemoAccount(parts: {
  issuers: Issuers
  engines: ReturnType<typeof composeEngines>
  identity: Identity
}): Middleware {
  const { issuers, engines, identity } = parts
  return createDemoAccount({
    organisationOf,
    issuerOf: issuers.issuerOf,
    sessionOf: async (owner, ctx) => (await engines.of(owner)).sessionOf(ctx),
    emailOf: async ({ _id }, account) =>
      (await identity.accounts.findActive(_id, account))?.displayEmail,
    nameOf: async ({ _id }, client) => (await identity.clients.find(_id, client))?.name,
    async sessionsOf({ _id }, { uid, account }) {
      const ref = { organisation: _id, account }
      const page = await identity.sessions.list(ref, { limit: LISTED, current: uid })
      return page.items
    },
  })
}

const LISTED = 10
