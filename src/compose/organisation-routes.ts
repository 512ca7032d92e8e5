// The Admin API's routes of organisations joined to the services behind them.

import type { Caller } from '../routes/admin-api/guard.ts'
import { domainRoutes, organisationRoutes } from '../routes/admin-api/organisations.ts'
import type { Routes } from '../routes/admin-api/serve.ts'
import { settingRoutes } from '../routes/admin-api/settings.ts'
import { createAudit } from '../services/audit/audit.ts'
import type { Operators } from '../services/operators/operators.ts'
import { createOrganisationLists } from '../services/operators/organisation-lists.ts'
import type { Issuers } from '../services/organisations/issuers.ts'
import type { Organisations } from '../services/organisations/organisations.ts'
import { createCursors } from '../shared/cursors.ts'
import { createAuditStore } from '../stores/audit.ts'
import { PLATFORM } from '../stores/operator-roles.ts'
import { composeDomains } from './domains.ts'
import type { Ground } from './ground.ts'
import { composeOrganisationAdministration } from './organisation-administration.ts'
import { composeOrganisationRemoval } from './organisation-removal.ts'
import { composeOverview } from './overview.ts'

export function composeOrganisationRoutes(
  ground: Ground,
  parts: {
    organisations: Organisations
    operators: Pick<Operators, 'placesOf'>
    issuers: Pick<Issuers, 'issuerOf'>
  },
): Routes[] {
  const { config, documents, keyring, clock } = ground
  const { organisations, operators } = parts
  const { issuerOf } = parts.issuers
  const audit = createAudit({ store: createAuditStore(documents), clock })
  const shared = { ...ground, organisations, audit }
  const administration = composeOrganisationAdministration({
    ...shared,
    mailFrom: config.mailFrom,
  })
  const removal = composeOrganisationRemoval(shared)
  const domains = composeDomains(shared)
  return [
    organisationRoutes({
      administration,
      removal,
      lists: createOrganisationLists({ organisations, removal, cursors: createCursors(keyring) }),
      domains,
      overview: composeOverview(ground),
      issuerOf,
      idsOf: placeIdsOf(operators),
    }),
    domainRoutes({ domains, issuerOf }),
    settingRoutes({ administration }),
  ]
}

/** Nobody is an operator of more. */
const MOST_IDS = 10_000

function placeIdsOf(operators: Pick<Operators, 'placesOf'>) {
  return async ({ email, rights, standingIn }: Caller): Promise<string[] | undefined> => {
    if ((await standingIn(PLATFORM))?.role === 'platform-owner') return undefined
    if (rights) return [rights.place]
    const held = await operators.placesOf(email ?? '', MOST_IDS)
    return held.map(({ organisation }) => organisation)
  }
}
