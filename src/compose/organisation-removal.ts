// Removing organisations, joined to every collection of the house: the same for the server and the command line.

import { engineCollections } from '../../adapters/oidc/placement.ts'
import type { Audit } from '../services/audit/audit.ts'
import {
  createOrganisationRemoval,
  type OrganisationRemoval,
} from '../services/organisations/organisation-removal.ts'
import type { Organisations } from '../services/organisations/organisations.ts'
import type { Clock } from '../shared/clock.ts'
import type { Log } from '../shared/log.ts'
import { auditCollection, auditHeadsCollection } from '../stores/audit.ts'
import type { CollectionSpec, Documents } from '../stores/documents.ts'
import { idempotencyCollection } from '../stores/idempotency.ts'
import { jobsCollection } from '../stores/jobs.ts'
import { createOrganisationDocuments } from '../stores/organisation-documents.ts'
import { createOrganisationRemovalStore } from '../stores/organisation-removals.ts'
import { organisationsCollection } from '../stores/organisations.ts'
import { relyingPartySessionsCollection } from '../stores/relying-party-sessions.ts'
import { schemaCollection } from '../stores/schema.ts'
import { signingKeysCollection } from '../stores/signing-keys.ts'
import { collections } from './stores.ts'

/** What a bearer or a job could still use. */
const perishable: readonly CollectionSpec[] = [
  ...engineCollections,
  relyingPartySessionsCollection,
  signingKeysCollection,
  jobsCollection,
  relyingPartySessionsCollection,
]

/** What stays of a purged organisation: its slug and its audit log, which ends with the purge. The others name none. */
export const keptCollections: ReadonlySet<CollectionSpec> = new Set([
  organisationsCollection,
  auditCollection,
  auditHeadsCollection,
  idempotencyCollection,
  schemaCollection,
])

export function composeOrganisationRemoval(parts: {
  documents: Documents
  organisations: Organisations
  audit: Audit
  clock: Clock
  log: Log
}): OrganisationRemoval {
  const isLasting = (spec: CollectionSpec) =>
    !keptCollections.has(spec) && !perishable.includes(spec)
  return createOrganisationRemoval({
    ...parts,
    store: createOrganisationRemovalStore(parts.documents),
    documents: createOrganisationDocuments(parts.documents),
    perishable,
    lasting: collections.filter(isLasting),
    audit: parts.audit.record,
  })
}
