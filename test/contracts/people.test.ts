// Customers, accounts and their links on both document stores; and that each finds a page by an index, at any depth.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { MongoClient } from 'mongodb'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { selectionOf } from '../../adapters/embedded/filter-sql.ts'
import { createMongoDocuments } from '../../adapters/mongo/documents.ts'
import { accountsCollection, createAccountStore } from '../../src/stores/accounts.ts'
import {
  type CustomerKey,
  createCustomerStore,
  customersCollection,
} from '../../src/stores/customers.ts'
import type { CollectionSpec, Documents, Filter, FindOptions } from '../../src/stores/documents.ts'
import { createSessionStore, sessionsCollection } from '../../src/stores/sessions.ts'
import { newFolder } from '../support/folder.ts'
import { indexUses } from '../support/index-uses.ts'
import { describeWithServices, mongoForTest } from '../support/services/shared.ts'
import { peopleContract } from './people.ts'

const folder = newFolder('foyer-people-')
afterAll(() => rmSync(folder, { recursive: true }))

peopleContract('the embedded store', async () =>
  createEmbeddedDocuments({ file: join(folder, 'documents.db'), clock: Date }),
)
describeWithServices('MongoDB', () => {
  const database = mongoForTest()
  afterAll(() => database.drop())
  peopleContract('MongoDB', () => createMongoDocuments({ uri: database.uri }))
})

describeWithServices('a page of many people on MongoDB', () => {
  const database = mongoForTest()
  const organisation = 'org_many'
  const COUNT = 20_000
  let documents: Documents
  let client: MongoClient
  beforeAll(async () => {
    documents = await createMongoDocuments({ uri: database.uri })
    await documents.prepare([customersCollection, accountsCollection, sessionsCollection])
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
    const sessions = rows.map(({ _id, organisation: owner }, at) => ({
      ...{ _id, organisation: owner, cookie: _id, account: _id },
      ...{ firstSeenAt: at, expiresAt: 1e13 },
    }))
    await client.db().collection<{ _id: string }>(sessionsCollection.name).insertMany(sessions)
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

  it('examines no more sessions than it shows', async () => {
    const list = (after?: { at: number; id: string }) =>
      createSessionStore(documents).listAll({
        organisation,
        now: 1,
        limit: 20,
        ...(after && { after }),
      })
    for (const after of [undefined, { at: 100, id: 'x_000100' }])
      expect(await examined('sessions', () => list(after))).toBeLessThanOrEqual(25)
  })
})

describe('a page of many people in the embedded store', () => {
  const file = join(folder, 'plans.db')
  beforeAll(async () => {
    const documents = createEmbeddedDocuments({ file, clock: Date })
    await documents.prepare([customersCollection, accountsCollection, sessionsCollection])
    await documents.close()
  })

  type Question = { collection: string; filter: Filter; options: FindOptions }
  /** What a store asks, in place of an answer. */
  function asked(ask: (documents: Documents) => unknown): Question {
    let question: Question | undefined
    const collection = ({ name }: CollectionSpec) => ({
      async find(filter: Filter, options: FindOptions) {
        question = { collection: name, filter, options }
        return []
      },
    })
    ask({ collection } as unknown as Documents) // the stores are asked for lists only
    if (!question) throw new Error('nothing was asked')
    return question
  }

  const page = { limit: 20 }
  const organisation = 'org_many'
  const customers =
    (key: CustomerKey, after?: readonly [string, string]) => (documents: Documents) =>
      createCustomerStore(documents).list(organisation, {
        ...page,
        key,
        prefix: 'p',
        ...(after && { after }),
      })
  it.each([
    ['customers:list', customers('email')],
    ['customers:list', customers('email', ['pp', 'cus_1'])],
    ['customers:name', customers('searchName', ['pp', 'cus_1'])],
    ['customers:family', customers('searchFamily', ['pp', 'cus_1'])],
    ['customers:phone', customers('phone', ['pp', 'cus_1'])],
    [
      'accounts:list',
      (documents: Documents) =>
        createAccountStore(documents).list(organisation, {
          ...page,
          after: { email: 'p', _id: 'acc_1' },
        }),
    ],
    [
      'sessions:begun',
      (documents: Documents) =>
        createSessionStore(documents).listAll({
          ...page,
          organisation,
          now: 1,
          after: { at: 1, id: 'x' },
        }),
    ],
    [
      'sqlite_autoindex_accounts_1',
      (documents: Documents) => createAccountStore(documents).findSome(organisation, ['a', 'b']),
    ],
  ] as const)('is read from the index %s, and not sorted', (index, ask) => {
    const { collection, filter, options } = asked(ask)
    const { sql, values } = selectionOf(filter, options)
    const database = new DatabaseSync(file, { readOnly: true })
    const plan = database
      .prepare(`EXPLAIN QUERY PLAN SELECT document FROM "${collection}" ${sql}`)
      .all(...values)
      .map(({ detail }) => String(detail))
    database.close()
    expect(plan.join()).toContain(`USING INDEX ${index}`)
    expect(plan.join()).not.toContain('TEMP B-TREE')
  })
})
