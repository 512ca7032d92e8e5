// Opens the stores that the configuration names: MongoDB and Redis, or the embedded pair.

import { join } from 'node:path'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createEmbeddedEphemeral } from '../../adapters/embedded/ephemeral.ts'
import { createMongoDocuments } from '../../adapters/mongo/documents.ts'
import { engineCollections } from '../../adapters/oidc/placement.ts'
import { createRedisEphemeral } from '../../adapters/redis/ephemeral.ts'
import type { Config } from '../config.ts'
import type { Clock } from '../shared/clock.ts'
import type { Log } from '../shared/log.ts'
import { accountsCollection } from '../stores/accounts.ts'
import { auditCollection } from '../stores/audit.ts'
import { bookingsCollection } from '../stores/bookings.ts'
import { clientsCollection } from '../stores/clients.ts'
import { customersCollection } from '../stores/customers.ts'
import type { Documents } from '../stores/documents.ts'
import { enquiriesCollection } from '../stores/enquiries.ts'
import type { Ephemeral } from '../stores/ephemeral.ts'
import { guessBudgetsCollection } from '../stores/guess-budgets.ts'
import { jobsCollection } from '../stores/jobs.ts'
import { ordersCollection } from '../stores/orders.ts'
import { organisationsCollection } from '../stores/organisations.ts'
import { permissionsCollection } from '../stores/permissions.ts'
import { checkSchema, schemaCollection } from '../stores/schema.ts'
import { signingKeysCollection } from '../stores/signing-keys.ts'

const collections = [
  accountsCollection,
  auditCollection,
  bookingsCollection,
  clientsCollection,
  customersCollection,
  enquiriesCollection,
  guessBudgetsCollection,
  jobsCollection,
  ordersCollection,
  organisationsCollection,
  permissionsCollection,
  schemaCollection,
  signingKeysCollection,
  ...engineCollections,
]

type StoreConfig = Pick<Config, 'dataDir' | 'mongodbUri' | 'redisUrl'>

/** What lasts, with its indexes made and its schema checked. Throws when it cannot be used. */
export async function openDocuments(config: StoreConfig, clock: Clock): Promise<Documents> {
  const documents = config.mongodbUri
    ? await createMongoDocuments({ uri: config.mongodbUri })
    : createEmbeddedDocuments({ file: join(config.dataDir, 'documents.db'), clock })
  await documents.prepare(collections)
  await checkSchema(documents)
  return documents
}

/** What is short-lived. Throws when it cannot be reached. */
export async function openEphemeral(
  config: StoreConfig,
  parts: { clock: Clock; log: Log },
): Promise<Ephemeral> {
  return config.redisUrl
    ? createRedisEphemeral({ url: config.redisUrl, log: parts.log })
    : createEmbeddedEphemeral({ file: join(config.dataDir, 'ephemeral.db'), clock: parts.clock })
}
