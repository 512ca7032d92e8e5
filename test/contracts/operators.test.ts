// Operators, their invitations and API keys on both document stores.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createMongoDocuments } from '../../adapters/mongo/documents.ts'
import { newFolder } from '../support/folder.ts'
import { describeWithServices, mongoForTest } from '../support/services/shared.ts'
import { apiKeysContract } from './api-keys.ts'
import { invitationsContract } from './invitations.ts'
import { operatorsContract } from './operators.ts'

const folder = newFolder('foyer-operators-')
afterAll(() => rmSync(folder, { recursive: true }))

for (const contract of [operatorsContract, invitationsContract, apiKeysContract]) {
  contract('the embedded store', async () =>
    createEmbeddedDocuments({ file: join(folder, `${contract.name}.db`), clock: Date }),
  )
  describeWithServices('MongoDB', () => {
    const database = mongoForTest()
    afterAll(() => database.drop())
    contract('MongoDB', () => createMongoDocuments({ uri: database.uri }))
  })
}
