// Policies and what is accepted of them, joined to their stores and to the audit log.

import { type Agreements, createAgreements } from '../services/identity/agreements.ts'
import { CONSOLE_CLIENT_ID } from '../services/identity/console-client.ts'
import { createAudit } from '../services/organisations/audit.ts'
import type { Organisations } from '../services/organisations/organisations.ts'
import { createPolicies, type Policies } from '../services/organisations/policies.ts'
import { createCursors } from '../shared/cursors.ts'
import { createAuditStore } from '../stores/audit.ts'
import { createPolicyStore } from '../stores/policies.ts'
import { createPolicyAcceptanceStore } from '../stores/policy-acceptances.ts'
import type { Ground } from './ground.ts'

export function composeAgreements(
  { documents, ephemeral, keyring, clock }: Ground,
  policies: Policies,
): Agreements {
  const store = createPolicyAcceptanceStore(documents)
  const findVersion = policies.find
  return createAgreements({
    store,
    findVersion,
    console: CONSOLE_CLIENT_ID,
    ephemeral,
    keyring,
    clock,
  })
}

export function composePolicies(
  { documents, keyring, clock }: Pick<Ground, 'documents' | 'keyring' | 'clock'>,
  organisations: Organisations,
): Policies {
  const audit = createAudit({ store: createAuditStore(documents), clock })
  return createPolicies({
    store: createPolicyStore(documents),
    organisations,
    cursors: createCursors(keyring),
    audit,
    clock,
  })
}
