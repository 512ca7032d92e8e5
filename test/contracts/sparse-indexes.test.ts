// Queries that are meant for a sparse index are answered by it: MongoDB takes one only when a filter names all its keys.

import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { MongoClient } from 'mongodb'
import { createMongoDocuments } from '../../adapters/mongo/documents.ts'
import type { Documents } from '../../src/stores/documents.ts'
import { createJobStore, jobsCollection } from '../../src/stores/jobs.ts'
import { createSessionStore, sessionsCollection } from '../../src/stores/sessions.ts'
import { indexUses } from '../support/index-uses.ts'
import { describeWithServices, mongoForTest } from '../support/services/shared.ts'

describeWithServices('a sparse index of MongoDB', () => {
  const database = mongoForTest()
  let documents: Documents
  let client: MongoClient
  beforeAll(async () => {
    documents = await createMongoDocuments({ uri: database.uri })
    client = await MongoClient.connect(database.uri)
    await documents.prepare([jobsCollection, sessionsCollection])
    const rows = Array.from({ length: 500 }, (_, at) => ({
      _id: `row_${at}`,
      organisation: `org_${at % 100}`,
      cookie: `cookie_${at}`,
      account: `acc_${at % 100}`,
      kind: 'kind',
      firstSeenAt: at,
      createdAt: at,
      lastSeenAt: at,
      expiresAt: 1e15,
    }))
    for (const { name } of [jobsCollection, sessionsCollection])
      await client.db().collection<{ _id: string }>(name).insertMany(rows)
  })
  afterAll(async () => {
    await Promise.all([documents.close(), client.close()])
    await database.drop()
  })

  const of = { organisation: 'org_1', account: 'acc_1' }
  it.each([
    [
      'list sessions',
      'account',
      () => createSessionStore(documents).list({ ...of, now: 0, limit: 9 }),
    ],
    ['count sessions', 'account', () => createSessionStore(documents).count('org_1', 'acc_1')],
    [
      'find old sessions',
      'account',
      () => createSessionStore(documents).leastRecent('org_1', 'acc_1', 9),
    ],
    ['list jobs', 'log', () => createJobStore(documents).list('org_1', 'kind', 9)],
  ])('is used to %s', async (_name, index, ask) => {
    const { name } = index === 'log' ? jobsCollection : sessionsCollection
    const uses = async () => (await indexUses(client.db().collection(name))).get(index) ?? 0
    const before = await uses()
    const found = await ask()
    expect(typeof found === 'number' ? found : found.length).toBe(5)
    expect(await uses()).toBeGreaterThan(before)
  })
})
