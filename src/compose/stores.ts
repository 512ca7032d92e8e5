// Opens the stores that the configuration names: MongoDB and Redis, or the embedded pair.

import { join } from 'node:path'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createEmbeddedEphemeral } from '../../adapters/embedded/ephemeral.ts'
import { createMongoDocuments } from '../../adapters/mongo/documents.ts'
import { engineCollections } from '../../adapters/oidc/placement.ts'
import { createRedisEphemeral } from '../../adapters/redis/ephemeral.ts'
import type { Config } from '../config.ts'
import type { Clock } from '../shared/clock.ts'
import { AppError } from '../shared/errors.ts'
import type { Log } from '../shared/log.ts'
import { accountsCollection } from '../stores/accounts.ts'
import { apiKeysCollection } from '../stores/api-keys.ts'
import { auditCollection, auditHeadsCollection } from '../stores/audit.ts'
import { bookingsCollection } from '../stores/bookings.ts'
import { brandCollections } from '../stores/brands.ts'
import { clientsCollection } from '../stores/clients.ts'
import { customersCollection } from '../stores/customers.ts'
import { denialsCollection } from '../stores/denials.ts'
import type { CollectionSpec, Documents } from '../stores/documents.ts'
import { enquiriesCollection } from '../stores/enquiries.ts'
import type { Ephemeral } from '../stores/ephemeral.ts'
import { StoreUnavailable } from '../stores/errors.ts'
import { guessBudgetsCollection } from '../stores/guess-budgets.ts'
import { idempotencyCollection } from '../stores/idempotency.ts'
import { invitationsCollection } from '../stores/invitations.ts'
import { jobsCollection } from '../stores/jobs.ts'
import { operatorsCollection, ownersCollection } from '../stores/operators.ts'
import { ordersCollection } from '../stores/orders.ts'
import { organisationsCollection } from '../stores/organisations.ts'
import { permissionsCollection } from '../stores/permissions.ts'
import { policiesCollection, policyDraftsCollection } from '../stores/policies.ts'
import { policyAcceptancesCollection } from '../stores/policy-acceptances.ts'
import { registrationTokensCollection } from '../stores/registration.ts'
import { relyingPartySessionsCollection } from '../stores/relying-party-sessions.ts'
import { reviewersCollection } from '../stores/reviewers.ts'
import { checkSchema, schemaCollection } from '../stores/schema.ts'
import { signInDaysCollection } from '../stores/sign-in-days.ts'
import { signingKeysCollection } from '../stores/signing-keys.ts'

/** Every collection of the house. */
export const collections: readonly CollectionSpec[] = [
  accountsCollection,
  apiKeysCollection,
  auditCollection,
  auditHeadsCollection,
  bookingsCollection,
  ...brandCollections,
  clientsCollection,
  customersCollection,
  denialsCollection,
  enquiriesCollection,
  guessBudgetsCollection,
  idempotencyCollection,
  invitationsCollection,
  jobsCollection,
  operatorsCollection,
  ordersCollection,
  organisationsCollection,
  ownersCollection,
  permissionsCollection,
  policiesCollection,
  policyAcceptancesCollection,
  policyDraftsCollection,
  relyingPartySessionsCollection,
  registrationTokensCollection,
  reviewersCollection,
  schemaCollection,
  signInDaysCollection,
  signingKeysCollection,
  ...engineCollections,
]

type StoreConfig = Pick<Config, 'dataDir' | 'mongodbUri' | 'redisUrl'>

/** What lasts, with its indexes made and its schema checked. Throws when it cannot be used. */
export function openDocuments(config: StoreConfig, clock: Clock): Promise<Documents> {
  return sayingWhy(async () => {
    const documents = config.mongodbUri
      ? await createMongoDocuments({ uri: config.mongodbUri })
      : createEmbeddedDocuments({ file: join(config.dataDir, 'documents.db'), clock })
    try {
      await documents.prepare(collections)
      await checkSchema(documents)
      return documents
    } catch (error) {
      await documents.close() // open connections would keep a program that gives up from ending
      throw error
    }
  })
}

/** What is short-lived. Throws when it cannot be reached. */
export function openEphemeral(
  config: StoreConfig,
  parts: { clock: Clock; log: Log },
): Promise<Ephemeral> {
  return sayingWhy(async () =>
    config.redisUrl
      ? createRedisEphemeral({ url: config.redisUrl, log: parts.log })
      : createEmbeddedEphemeral({ file: join(config.dataDir, 'ephemeral.db'), clock: parts.clock }),
  )
}

/** A store that is away at the start is the operator's to mend: which one, and what its driver said. */
async function sayingWhy<T>(open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
    const { message, cause } = error
    const reason = cause instanceof Error ? `: ${cause.message}` : ''
    throw new AppError('unavailable', { detail: `${message}${reason}`, cause: error })
  }
}
