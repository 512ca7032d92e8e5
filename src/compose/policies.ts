// Policies, joined to their store and to the audit log.

import { createAudit } from '../services/organisations/audit.ts'
import type { Organisations } from '../services/organisations/organisations.ts'
import { createPolicies, type Policies } from '../services/organisations/policies.ts'
import { createAuditStore } from '../stores/audit.ts'
import { createPolicyStore } from '../stores/policies.ts'
import type { Ground } from './ground.ts'

export function composePolicies(
  { documents, clock }: Pick<Ground, 'documents' | 'clock'>,
  organisations: Organisations,
): Policies {
  const audit = createAudit({ store: createAuditStore(documents), clock })
  return createPolicies({ store: createPolicyStore(documents), organisations, audit, clock })
}
