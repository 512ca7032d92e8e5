// Handing sessions on, on both document stores.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from '@jest/globals'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createMongoDocuments } from '../../adapters/mongo/documents.ts'
import { handedOnOf } from '../../adapters/oidc/session-cookies.ts'
import { newFolder } from '../support/folder.ts'
import { describeWithServices, mongoForTest } from '../support/services/shared.ts'
import { handOnContract } from './hand-on.ts'

const folder = newFolder('foyer-hand-on-')
afterAll(() => rmSync(folder, { recursive: true }))

it.each(['plain', 'uid.z.random', '.a.random', 'uid.a.', 'uid.a', 'uid.a.random.more'])(
  'a cookie is one of a browser that a session was handed on to in its whole form alone: not %s',
  (cookie) => {
    expect(handedOnOf(cookie)).toBeUndefined()
    expect(handedOnOf('uid.a.random')).toEqual({ uid: 'uid', place: 'a' })
  },
)

handOnContract('the embedded store', async () =>
  createEmbeddedDocuments({ file: join(folder, 'documents.db'), clock: Date }),
)

describeWithServices('MongoDB', () => {
  const database = mongoForTest()
  afterAll(() => database.drop())
  handOnContract('MongoDB', () => createMongoDocuments({ uri: database.uri }))
})
