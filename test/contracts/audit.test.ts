// The audit log on both document stores.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createMongoDocuments } from '../../adapters/mongo/documents.ts'
import { describeWithServices, mongoForTest } from '../support/services/shared.ts'
import { auditContract } from './audit.ts'

const folder = mkdtempSync(join(tmpdir(), 'foyer-audit-'))
afterAll(() => rmSync(folder, { recursive: true }))

auditContract('the embedded store', async () =>
  createEmbeddedDocuments({ file: join(folder, 'documents.db'), clock: Date }),
)

describeWithServices('MongoDB', () => {
  const database = mongoForTest()
  afterAll(() => database.drop())
  auditContract('MongoDB', () => createMongoDocuments({ uri: database.uri }))
})
