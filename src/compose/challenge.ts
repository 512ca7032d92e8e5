// Signing in on an application's own page, joined to the engine, which makes the codes, and to what the pages use.

import type { Middleware } from 'koa'
import { classify, organisationOf } from '../app.ts'
import { CHALLENGE_PATH } from '../provider/discovery.ts'
import type { CheckProof } from '../provider/dpop-proofs.ts'
import type { Engines } from '../provider/engines.ts'
import { mayAskFrom } from '../provider/previews.ts'
import { createChallenge } from '../routes/challenge/routes.ts'
import type { Agreements } from '../services/identity/sign-in/agreements.ts'
import { createFirstPartySignIns } from '../services/identity/sign-in/first-party-sign-ins.ts'
import type { Issuers } from '../services/organisations/issuers.ts'
import { isActive } from '../stores/client-life.ts'
import type { Ground } from './ground.ts'
import type { Identity } from './identity.ts'

export function composeChallenge(
  { ephemeral, random, clock, log }: Ground,
  parts: {
    engines: Engines & { checkProof: CheckProof }
    identity: Pick<Identity, 'signIn' | 'clients'>
    agreements: Agreements
    issuers: Pick<Issuers, 'issuerOf'>
  },
): Middleware {
  const { engines, identity } = parts
  return createChallenge({
    path: CHALLENGE_PATH,
    organisationOf,
    issuerOf: parts.issuers.issuerOf,
    async findClient({ _id }, id) {
      const client = await identity.clients.find(_id, id)
      return client && isActive(client, clock.now()) ? client : undefined
    },
    mayAskFrom,
    checkProof: engines.checkProof,
    async judgeAccess(organisation, client, asked) {
      return (await engines.of(organisation)).firstPartyCodes.judge(client, asked)
    },
    signIns: createFirstPartySignIns({
      signIn: identity.signIn,
      agreements: parts.agreements,
      async issueCode({ organisation, asked, ...request }) {
        const { firstPartyCodes } = await engines.of(organisation)
        return firstPartyCodes.issue({ ...asked, ...request })
      },
      ephemeral,
      random,
      clock,
    }),
    classify,
    log,
  })
}
