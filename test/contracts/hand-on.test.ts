// Handing sessions on, on both document stores.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createMongoDocuments } from '../../adapters/mongo/documents.ts'
import { newFolder } from '../support/folder.ts'
import { describeWithServices, mongoForTest } from '../support/services/shared.ts'
import { handOnContract } from './hand-on.ts'

const folder = newFolder('foyer-hand-on-')
afterAll(() => rmSync(folder, { recursive: true }))

handOnContract('the embedded store', async () =>
  createEmbeddedDocuments({ file: join(folder, 'documents.db'), clock: Date }),
)

describeWithServices('MongoDB', () => {
  const database = mongoForTest()
  afterAll(() => database.drop())
  handOnContract('MongoDB', () => createMongoDocuments({ uri: database.uri }))
})
