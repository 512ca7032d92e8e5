// Operators' work on the organisations of a server under test, and the audit rows it leaves.

import { join } from 'node:path'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { composeOrganisationAdministration } from '../../src/compose/organisation-administration.ts'
import { composeOrganisationRemoval } from '../../src/compose/organisation-removal.ts'
import { collections } from '../../src/compose/stores.ts'
import { createAudit } from '../../src/services/audit/audit.ts'
import { createOrganisations } from '../../src/services/organisations/organisations.ts'
import { createAuditStore } from '../../src/stores/audit.ts'
import type { Documents } from '../../src/stores/documents.ts'
import { createOrganisationStore } from '../../src/stores/organisations.ts'
import { newFolder } from './folder.ts'
import { movableClock } from './movable-clock.ts'
import { recordingLog } from './recording-log.ts'
import type { TestServer } from './server.ts'

export const BY = { actor: 'opr_test', source: '192.0.2.1', request: 'req_test' }

/** What removing stands on. */
export type House = Pick<TestServer, 'organisations' | 'documents' | 'clock' | 'log'>

/** Without jobs, so that a test takes each step itself. */
export async function houseWithoutServer(): Promise<House> {
  const folder = newFolder('foyer-house-')
  const [clock, log] = [movableClock(), recordingLog()]
  const documents = createEmbeddedDocuments({ file: join(folder, 'documents.db'), clock })
  await documents.prepare(collections)
  const store = createOrganisationStore(documents)
  return { documents, clock, log, organisations: createOrganisations({ store, clock, log }) }
}

const MAIL_FROM = 'no-reply@mail.example'

export function administrationOf({ organisations, documents, clock }: House, mailFrom = MAIL_FROM) {
  const store = createAuditStore(documents)
  const audit = createAudit({ store, clock })
  return {
    ...composeOrganisationAdministration({ organisations, audit, mailFrom }),
    ...audit,
    /** The newest rows of an organisation. */
    rowsOf: (id: string) => store.list(id, {}, { limit: 20, newestFirst: true }),
  }
}

/** Removing; where it says so, killed after so many parts, as a process is: in the middle, without a word. */
export function removalOf(
  { organisations, documents, clock, log }: House,
  { partsBeforeDeath = Number.POSITIVE_INFINITY } = {},
) {
  const audit = createAudit({ store: createAuditStore(documents), clock })
  let parts = 0
  const mortal: Documents = {
    ...documents,
    collection(spec) {
      const collection = documents.collection<never>(spec)
      return {
        ...collection,
        async deleteSome(...which) {
          const removed = await collection.deleteSome(...which)
          if (removed > 0) parts += 1
          if (parts > partsBeforeDeath) throw new Error('killed')
          return removed
        },
      }
    },
  }
  return composeOrganisationRemoval({ documents: mortal, organisations, audit, clock, log })
}
