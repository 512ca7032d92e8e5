// Signing keys on both document stores.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createMongoDocuments } from '../../adapters/mongo/documents.ts'
import { newFolder } from '../support/folder.ts'
import { describeWithServices, mongoForTest } from '../support/services/shared.ts'
import { signingKeysContract } from './signing-keys.ts'
import { troubledKeysContract } from './troubled-keys.ts'

const folder = newFolder('foyer-keys-')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

for (const contract of [signingKeysContract, troubledKeysContract])
  contract('the embedded store', async () =>
    createEmbeddedDocuments({ file: join(folder, 'documents.db'), clock: Date }),
  )

describeWithServices('MongoDB', () => {
  const database = mongoForTest()
  afterAll(() => database.drop())
  for (const contract of [signingKeysContract, troubledKeysContract])
    contract('MongoDB', () => createMongoDocuments({ uri: database.uri }))
})
