// Idempotency keys on both document stores.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createMongoDocuments } from '../../adapters/mongo/documents.ts'
import { newFolder } from '../support/folder.ts'
import { describeWithServices, mongoForTest } from '../support/services/shared.ts'
import { idempotencyContract } from './idempotency.ts'

const folder = newFolder('foyer-idempotency-')
afterAll(() => rmSync(folder, { recursive: true }))

idempotencyContract('the embedded store', async () =>
  createEmbeddedDocuments({ file: join(folder, 'documents.db'), clock: Date }),
)
describeWithServices('MongoDB', () => {
  const database = mongoForTest()
  afterAll(() => database.drop())
  idempotencyContract('MongoDB', () => createMongoDocuments({ uri: database.uri }))
})
