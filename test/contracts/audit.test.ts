// The audit log on both document stores.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from '@jest/globals'
import { MongoClient } from 'mongodb'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createMongoDocuments } from '../../adapters/mongo/documents.ts'
import { type AuditEntry, auditCollection, createAuditStore } from '../../src/stores/audit.ts'
import { newFolder } from '../support/folder.ts'
import { indexUses } from '../support/index-uses.ts'
import { describeWithServices, mongoForTest } from '../support/services/shared.ts'
import { auditContract } from './audit.ts'

const folder = newFolder('foyer-audit-')
afterAll(() => rmSync(folder, { recursive: true }))

auditContract('the embedded store', async () =>
  createEmbeddedDocuments({ file: join(folder, 'documents.db'), clock: Date }),
)

describeWithServices('MongoDB', () => {
  const database = mongoForTest()
  afterAll(() => database.drop())
  auditContract('MongoDB', () => createMongoDocuments({ uri: database.uri }))

  it('finds rows of the audit log by the index that is meant for it', async () => {
    const documents = await createMongoDocuments({ uri: database.uri })
    const client = await MongoClient.connect(database.uri)
    try {
      const rows = client.db().collection<AuditEntry>(auditCollection.name)
      await documents.prepare([auditCollection])
      await rows.insertMany(Array.from({ length: 2000 }, (_, at) => rowAt(at)))
      const store = createAuditStore(documents)
      const read = (filter: object) => store.list('org_1', filter, { limit: 10, newestFirst: true })
      const uses = () => indexUses(rows)
      for (const [index, ask] of [
        ['unsealed', () => store.unsealed(200)],
        ['unsealed', () => store.countUnsealed('org_1')],
        ['action', () => read({ action: 'a1' })],
        ['actor', () => read({ actor: 'acc_1' })],
        ['target', () => read({ target: 'cli_1' })],
        ['chain', () => store.chain('org_1', 5, 10)],
        ['time', () => read({})],
      ] as const) {
        const before = (await uses()).get(index) ?? 0
        await ask()
        expect([index, ((await uses()).get(index) ?? 0) > before]).toEqual([index, true])
      }
    } finally {
      await Promise.all([documents.close(), client.close()])
    }
  })
})

/** Of a log in which the last ten rows are not chained yet. */
function rowAt(at: number): AuditEntry {
  return {
    _id: `aud_${String(at).padStart(6, '0')}`,
    organisation: `org_${at % 4}`,
    at,
    action: `a${at % 50}`,
    actor: `acc_${at % 100}`,
    target: `cli_${at % 100}`,
    ...(at < 1990 ? { sequence: at + 1, previous: '', hash: '' } : { unsealed: true }),
  }
}
