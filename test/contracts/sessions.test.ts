// Ending sessions on both document stores.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createMongoDocuments } from '../../adapters/mongo/documents.ts'
import { newFolder } from '../support/folder.ts'
import { describeWithServices, mongoForTest } from '../support/services/shared.ts'
import { sessionsContract } from './sessions.ts'

const folder = newFolder('foyer-sessions-')
afterAll(() => rmSync(folder, { recursive: true }))

sessionsContract('the embedded store', async () =>
  createEmbeddedDocuments({ file: join(folder, 'documents.db'), clock: Date }),
)

describeWithServices('MongoDB', () => {
  const database = mongoForTest()
  afterAll(() => database.drop())
  sessionsContract('MongoDB', () => createMongoDocuments({ uri: database.uri }))
})
