// Customers, accounts and their links on both document stores; and that MongoDB finds a page by an index, at any depth.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { MongoClient } from 'mongodb'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createMongoDocuments } from '../../adapters/mongo/documents.ts'
import { accountsCollection, createAccountStore } from '../../src/stores/accounts.ts'
import { createCustomerStore, customersCollection } from '../../src/stores/customers.ts'
import type { Documents } from '../../src/stores/documents.ts'
import { indexUses } from '../support/index-uses.ts'
import { describeWithServices, mongoForTest } from '../support/services/shared.ts'
import { peopleContract } from './people.ts'

const folder = mkdtempSync(join(tmpdir(), 'foyer-people-'))
afterAll(() => rmSync(folder, { recursive: true }))

peopleContract('the embedded store', async () =>
  createEmbeddedDocuments({ file: join(folder, 'documents.db'), clock: Date }),
)
describeWithServices('MongoDB', () => {
  const database = mongoForTest()
  afterAll(() => database.drop())
  peopleContract('MongoDB', () => createMongoDocuments({ uri: database.uri }))
})

describeWithServices('a page of many customers or accounts on MongoDB', () => {
  const database = mongoForTest()
  const organisation = 'org_many'
  const COUNT = 20_000
  let documents: Documents
  let client: MongoClient
  beforeAll(async () => {
    documents = await createMongoDocuments({ uri: database.uri })
    await documents.prepare([customersCollection, accountsCollection])
    client = await MongoClient.connect(database.uri)
    const number = (at: number): string => String(at).padStart(6, '0')
    const rows = Array.from({ length: COUNT }, (_, at) => ({
      _id: `x_${number(at)}`,
      organisation,
      email: `p${number(at)}@example.com`,
      searchName: `n${number(at)}`,
      searchFamily: `f${number(at)}`,
      phone: `+44${number(at)}`,
      version: 1,
    }))
    for (const { name } of [customersCollection, accountsCollection])
      await client.db().collection<{ _id: string }>(name).insertMany(rows)
  })
  afterAll(async () => {
    await Promise.all([documents.close(), client.close()])
    await database.drop()
  })

  /** What the server examined for the last reads of a collection, by its own profile. */
  async function examined(collection: string, ask: () => Promise<unknown[]>): Promise<number> {
    const db = client.db()
    await db.command({ profile: 2 })
    const found = await ask()
    await db.command({ profile: 0 })
    expect(found).toHaveLength(20)
    const [entry] = await db
      .collection('system.profile')
      .find({ ns: `${db.databaseName}.${collection}`, op: 'query' })
      .sort({ ts: -1 })
      .limit(1)
      .toArray()
    expect(entry?.hasSortStage).not.toBe(true)
    return Math.max(entry?.docsExamined, entry?.keysExamined - 20)
  }

  const lists = [
    ['email', 'list', 'p019900@example.com'],
    ['searchName', 'name', 'n019900'],
    ['searchFamily', 'family', 'f019900'],
    ['phone', 'phone', '+44019900'],
  ] as const
  it.each(lists)('examines no more customers than it shows, by %s', async (key, index, deep) => {
    const uses = async () =>
      (await indexUses(client.db().collection(customersCollection.name))).get(index) ?? 0
    const before = await uses()
    const prefix = deep.slice(0, 1)
    const list = (after?: readonly [string, string]) =>
      createCustomerStore(documents).list(organisation, {
        key,
        prefix,
        limit: 20,
        ...(after && { after }),
      })
    for (const after of [undefined, [deep, 'x_019900'] as const])
      expect(await examined('customers', () => list(after))).toBeLessThanOrEqual(25)
    expect(await uses()).toBeGreaterThan(before)
  })

  it('examines no more accounts than it shows', async () => {
    const list = (after?: { email: string; _id: string }) =>
      createAccountStore(documents).list(organisation, { limit: 20, ...(after && { after }) })
    for (const after of [undefined, { email: 'p019900@example.com', _id: 'x_019900' }])
      expect(await examined('accounts', () => list(after))).toBeLessThanOrEqual(25)
  })
})
