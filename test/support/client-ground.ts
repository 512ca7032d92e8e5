// What the services of clients stand on where they are tested by themselves: a store in memory, and a clock that stands still.

import { afterAll } from '@jest/globals'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createAudit } from '../../src/services/audit/audit.ts'
import {
  type ClientAdministration,
  createClientAdministration,
} from '../../src/services/identity/clients/client-administration.ts'
import { type Clients, createClients } from '../../src/services/identity/clients/clients.ts'
import { createKeyring, systemRandom } from '../../src/shared/secrets.ts'
import { createAuditStore } from '../../src/stores/audit.ts'
import { type ClientStore, createClientStore } from '../../src/stores/clients.ts'

export const SECRET = 'a-secret-of-the-tests-that-is-long-enough'

export type ClientGround = ReturnType<typeof createClientGround>

/** For one test file, which it closes after its tests. */
export function createClientGround({
  outgoing = {},
}: {
  /** What clients may name beyond public addresses by https. */
  outgoing?: { privateHosts?: string[]; allowLoopback?: boolean }
} = {}) {
  /** It stands still until it is moved. */
  const clock = { at: 1_800_000_000_000, now: () => clock.at }
  const documents = createEmbeddedDocuments({ file: ':memory:', clock })
  afterAll(() => documents.close())
  const store = createClientStore(documents)
  const parts = {
    store,
    keyring: createKeyring([SECRET]),
    clock,
    random: systemRandom,
    outgoing: { privateHosts: [], allowLoopback: false, allowPlainHttp: false, ...outgoing },
  }
  /** The service of one process: another process has another cache, and perhaps other secrets. */
  const processWith = (secrets: readonly string[] = [SECRET], its: ClientStore = store): Clients =>
    createClients({ ...parts, store: its, keyring: createKeyring(secrets) })
  return { clock, documents, store, parts, processWith, clients: processWith() }
}

/** What operators do with clients there, of which none was given anything. */
export function administrationOn({
  clock,
  documents,
  parts,
  clients,
}: ClientGround): ClientAdministration {
  return createClientAdministration({
    ...parts,
    clients,
    grants: { count: async () => 0, endAll: async () => {} },
    audit: createAudit({ store: createAuditStore(documents), clock }).record,
  })
}
