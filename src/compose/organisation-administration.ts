// Operators' work on organisations, joined to what settings may be: the same for the server and the command line.

import type { Audit } from '../services/audit/audit.ts'
import { lifetimeSettings } from '../services/identity/clients/lifetimes.ts'
import { guessBoundProblem } from '../services/identity/limits/guess-bound.ts'
import { resolveSignInSettings, signInSettings } from '../services/identity/limits/settings.ts'
import {
  createOrganisationAdministration,
  type OrganisationAdministration,
} from '../services/organisations/organisation-administration.ts'
import type { Problem } from '../services/organisations/organisation-fields.ts'
import type { Organisations } from '../services/organisations/organisations.ts'
import { type Overrides, overrideProblems } from '../services/organisations/settings.ts'

export function composeOrganisationAdministration(parts: {
  organisations: Organisations
  audit: Audit
  mailFrom: string
}): OrganisationAdministration {
  return createOrganisationAdministration({
    ...parts,
    audit: parts.audit.record,
    settingProblems: ({ signIn, lifetimes }) => [
      ...signInProblems(signIn),
      ...overrideProblems(lifetimeSettings, lifetimes),
    ],
  })
}

function signInProblems(overrides: Overrides | undefined): Problem[] {
  const problems = overrideProblems(signInSettings, overrides)
  const message = problems.length === 0 && guessBoundProblem(resolveSignInSettings(overrides))
  return message ? [{ path: 'settings', message }] : problems
}
