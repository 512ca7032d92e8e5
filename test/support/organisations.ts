// Operators' work on the organisations of a server under test, and the audit rows it leaves.

import { composeOrganisationAdministration } from '../../src/compose/organisation-administration.ts'
import { createAudit } from '../../src/services/organisations/audit.ts'
import { createAuditStore } from '../../src/stores/audit.ts'
import type { TestServer } from './server.ts'

export const BY = { actor: 'opr_test', source: '192.0.2.1', request: 'req_test' }

export function administrationOf({ organisations, documents, clock, config }: TestServer) {
  const store = createAuditStore(documents)
  const audit = createAudit({ store, clock })
  const { mailFrom } = config
  return {
    ...composeOrganisationAdministration({ organisations, audit, mailFrom }),
    /** The newest rows of an organisation. */
    rowsOf: (id: string) => store.list(id, {}, { limit: 20, newestFirst: true }),
  }
}
