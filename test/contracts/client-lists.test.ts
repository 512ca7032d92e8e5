// Lists of ten thousand clients on both document stores: whole, in order, by an index, and as fast at the end as at the start.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { MongoClient } from 'mongodb'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createMongoDocuments } from '../../adapters/mongo/documents.ts'
import type { ClientFilter } from '../../src/stores/client-list.ts'
import {
  type Client,
  type ClientStore,
  clientKinds,
  clientsCollection,
  createClientStore,
} from '../../src/stores/clients.ts'
import type { Documents } from '../../src/stores/documents.ts'
import { newFolder } from '../support/folder.ts'
import { indexUses } from '../support/index-uses.ts'
import { describeWithServices, mongoForTest } from '../support/services/shared.ts'
import { quickestOf, startStopwatch } from '../support/stopwatch.ts'

const COUNT = 10_000
const PAGE = 100
/** What a page may take of the server's time, in milliseconds. */
const MOST = 30

/** Names come in another order than ids and times do. */
function planted(organisation: string, at: number): Client {
  const number = String((at * 7919) % COUNT).padStart(5, '0')
  const name = at % 10 === 0 ? `Till ${number}` : `Shop ${number}`
  return {
    _id: `cli_${organisation}${String(at).padStart(5, '0')}`,
    organisation,
    kind: clientKinds[at % clientKinds.length] ?? 'web',
    name,
    search: name.toLowerCase(),
    redirectUris: ['https://shop.example.com/callback'],
    postLogoutRedirectUris: [],
    origins: [],
    pkce: 'required',
    apiScopes: [],
    firstParty: false,
    secrets: [],
    createdAt: Math.floor(at / 3),
    updatedAt: at,
    version: 1,
  }
}

async function plant(documents: Documents): Promise<void> {
  await documents.prepare([clientsCollection])
  const all = ['big', 'other'].flatMap((organisation) =>
    Array.from({ length: organisation === 'big' ? COUNT : 500 }, (_, at) =>
      planted(organisation, at),
    ),
  )
  for (let at = 0; at < all.length; at += 500)
    await documents.unitOfWork(
      all.slice(at, at + 500).map((insert) => ({ in: clientsCollection, insert })),
    )
}

const ofEach = COUNT / clientKinds.length
/** MongoDB takes the index of all ids where one organisation has nearly all of them. */
const questions: [name: string, indexes: string[], filter: ClientFilter, count: number][] = [
  ['all', ['created'], {}, COUNT],
  ['of a kind', ['kind'], { kind: 'native' }, ofEach],
  ['by name', ['name'], { name: 'shop' }, COUNT * 0.9],
  ['by name, few', ['name'], { name: 'till 0000' }, 1],
  ['by name, of a kind', ['kind-name'], { name: 'shop', kind: 'native' }, ofEach],
  ['by id', ['id', '_id_'], { id: 'cli_big0' }, COUNT],
]

async function walk(store: ClientStore, filter: ClientFilter) {
  const found: Client[] = []
  const times: number[] = []
  for (;;) {
    const after = found.at(-1)
    const taken = startStopwatch()
    const page = await store.list('big', { limit: PAGE, filter, ...(after && { after }) })
    times.push(taken())
    found.push(...page)
    if (page.length < PAGE) return { found, times }
  }
}

function contract(open: () => Promise<Documents>, uses?: () => Promise<Map<string, number>>): void {
  let documents: Documents
  let store: ClientStore
  beforeAll(async () => {
    documents = await open()
    store = createClientStore(documents)
    await plant(documents)
  })
  afterAll(() => documents.close())

  it.each(questions)('%s: each once, in order, in pages of no more than 30 ms', async (...row) => {
    const [, indexes, filter, count] = row
    const used = async () => {
      const all = await uses?.()
      return indexes.reduce((sum, index) => sum + (all?.get(index) ?? 0), 0)
    }
    const before = await used()
    const { found, times } = await walk(store, filter)
    expect(found).toHaveLength(count)
    expect(new Set(found.map(({ _id }) => _id)).size).toBe(count)
    const key = (client: Client) =>
      filter.id ? client._id : filter.name ? client.search : client.createdAt
    for (const [at, client] of found.entries()) {
      const next = found[at + 1]
      if (next && key(client) === key(next)) expect(client._id < next._id).toBe(true)
      else if (next)
        expect(String(key(client)).padStart(9) < String(key(next)).padStart(9)).toBe(true)
      expect(client.organisation).toBe('big')
    }
    // The first time a question is planned, and others use this machine, too: of each page the quickest.
    let quickest = times
    const slowest = await quickestOf(10, {
      within: MOST,
      async run() {
        const again = await walk(store, filter)
        quickest = quickest.map((time, at) => Math.min(time, again.times[at] ?? time))
        return Math.max(...quickest)
      },
    })
    expect(slowest).toBeLessThan(MOST)
    if (uses) expect(await used()).toBeGreaterThan(before)
  })

  it('finds nothing of a removed client', async () => {
    const [client] = await store.list('other', { limit: 1 })
    if (!client) throw new Error('nothing was planted')
    expect(await store.remove(client, 1)).toBe(true)
    for (const filter of [{}, { name: client.search ?? '' }, { id: client._id }])
      expect(await store.list('other', { limit: 1, filter })).not.toContainEqual(
        expect.objectContaining({ _id: client._id }),
      )
  })

  it('finds those whose operators are to be warned, whatever their organisation', async () => {
    const [first, second] = await store.list('other', { limit: 2 })
    if (!first || !second) throw new Error('nothing was planted')
    await store.tend(first, { search: 'a', warnAt: 20 })
    await store.tend(second, { search: 'b', warnAt: 10 })
    const due = async (now: number) => (await store.toWarn(now, 9)).map(({ _id }) => _id)
    expect([await due(9), await due(10), await due(20)]).toEqual([
      ...[[], [second._id], [second._id, first._id]],
    ])
    const told = { ...first, warnAt: 20 }
    expect(await store.tend(told, { search: 'a', warnAt: undefined })).toBe(true)
    // Somebody else was first.
    expect(await store.tend(told, { search: 'a', warnAt: undefined })).toBe(false)
    expect(await due(20)).toEqual([second._id])
  })
}

describe('clients in the embedded store', () => {
  const folder = newFolder('foyer-clients-')
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  contract(async () => createEmbeddedDocuments({ file: join(folder, 'list.db'), clock: Date }))
})

describeWithServices('clients in MongoDB', () => {
  const database = mongoForTest()
  let client: MongoClient
  beforeAll(async () => {
    client = await MongoClient.connect(database.uri)
  })
  afterAll(async () => {
    await client.close()
    await database.drop()
  })
  contract(
    () => createMongoDocuments({ uri: database.uri }),
    () => indexUses(client.db().collection(clientsCollection.name)),
  )
})
