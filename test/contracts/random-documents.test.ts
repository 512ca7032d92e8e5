// Random documents, filters and updates: both stores answer like mingo, an independent reading of MongoDB's language.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { update as change, find, Query } from 'mingo'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createMongoDocuments } from '../../adapters/mongo/documents.ts'
import type { Collection, Documents, Filter, Sort, Update } from '../../src/stores/documents.ts'
import { newFolder } from '../support/folder.ts'
import { describeWithServices, mongoForTest } from '../support/services/shared.ts'
import {
  filters,
  type Operation,
  operations,
  placesOf,
  sortPaths,
  sorts,
  thingSets,
} from './random-language.ts'
import { type Thing, things } from './things.ts'

/** Fast-check prints the seed and the smallest case of a failure; pass them to `fc.assert` to see it again. */
const RUNS = 40

const withoutOwner = ({ owner: _owner, ...rest }: Thing): Thing => rest

describeWithServices('random documents', () => {
  const folder = newFolder('foyer-random-')
  const database = mongoForTest()
  let stores: [name: string, documents: Documents, collection: Collection<Thing>][]
  /** Each run has documents of its own, by their owner. */
  let run = 0

  beforeAll(async () => {
    const file = join(folder, 'documents.db')
    const opened: [string, Documents][] = [
      ['embedded', createEmbeddedDocuments({ file, clock: Date })],
      ['MongoDB', await createMongoDocuments({ uri: database.uri })],
    ]
    for (const [, documents] of opened) await documents.prepare([things])
    stores = opened.map(([name, documents]) => [name, documents, documents.collection(things)])
  })
  afterAll(async () => {
    for (const [, documents] of stores) await documents.close()
    await database.drop()
    rmSync(folder, { recursive: true, force: true })
  })

  /** What each store answers, with its name, so that a difference says where it is. */
  async function answers<T>(ask: (collection: Collection<Thing>) => Promise<T>) {
    return Promise.all(stores.map(async ([name, , collection]) => [name, await ask(collection)]))
  }
  const all = <T>(answer: T): [string, T][] => stores.map(([name]) => [name, answer])

  async function plant(documents: readonly Thing[]): Promise<{ owner: string }> {
    run += 1
    const owner = `run-${run}`
    await answers((collection) =>
      Promise.all(
        documents.map((each) => collection.insert({ ...each, _id: `${owner}-${each._id}`, owner })),
      ),
    )
    return { owner }
  }

  it('are found, counted, ordered and paged alike', async () => {
    const property = fc.asyncProperty(
      thingSets,
      fc.array(fc.tuple(filters, sorts, fc.integer({ min: 1, max: 4 })), { minLength: 5 }),
      async (documents, queries) => {
        const mine = await plant(documents)
        const planted = documents.map((each) => ({ ...each, _id: `${mine.owner}-${each._id}` }))
        for (const [filter, sort, limit] of queries) {
          const expected = ordered(planted, filter, sort)
          const whole = { ...filter, ...mine }
          const options = { sort, limit: 50 }
          expect(
            await answers(async (collection) =>
              (await collection.find(whole, options)).map(withoutOwner),
            ),
          ).toEqual(all(expected))
          expect(await answers((collection) => collection.count(whole))).toEqual(
            all(expected.length),
          )
          expect(
            await answers(async (collection) => (await collection.findOne(whole, { sort }))?._id),
          ).toEqual(all(expected[0]?._id))
          expect(await answers((collection) => pages(collection, { whole, sort, limit }))).toEqual(
            all(ordered(planted, withPlaces(filter, sort), sort).map((each) => each._id)),
          )
        }
      },
    )
    await fc.assert(property, { numRuns: RUNS })
  })

  it('are changed, made and removed alike', async () => {
    const property = fc.asyncProperty(
      thingSets,
      fc.array(operations, { minLength: 5 }),
      async (documents, steps) => {
        const mine = await plant(documents)
        let model: Thing[] = documents.map((each) => ({
          ...each,
          _id: `${mine.owner}-${each._id}`,
          ...mine,
        }))
        for (const step of steps) {
          const own = ownedBy(mine.owner, step)
          const [expected, after] = applied(model, own)
          const outcomes = await answers((collection) => outcomeOf(collection, own))
          const [[, first]] = outcomes as [[string, unknown]]
          // Only the stores refuse what a document cannot take: then they must agree, and change nothing.
          const isRefused = first === REFUSED
          expect(outcomes).toEqual(all(isRefused ? REFUSED : expected))
          if (!isRefused) model = after
        }
        const options = { sort: [['_id', 1]] as const, limit: 50 }
        const left = [...model].sort((a, b) => (a._id < b._id ? -1 : 1))
        expect(await answers((collection) => collection.find(mine, options))).toEqual(all(left))
      },
    )
    await fc.assert(property, { numRuns: RUNS })
  })
})

function ordered(documents: readonly Thing[], filter: Filter, sort: Sort): Thing[] {
  const direction = sort.at(-1)?.[1] ?? 1
  return find<Thing>([...documents], filter)
    .sort(Object.fromEntries([...sort, ['_id', direction]]))
    .all()
}

/** Both: what the filter asks, and a value at each path of the order. */
const withPlaces = (filter: Filter, sort: Sort): Filter => ({
  ...Object.fromEntries(sort.map(([path]) => [path, sortPaths[path]])),
  $or: [filter],
})

/** Every id, page by page, of the documents that have a place in the order. */
async function pages(
  collection: Collection<Thing>,
  { whole, sort, limit }: { whole: Filter; sort: Sort; limit: number },
): Promise<string[]> {
  const seen: string[] = []
  const filter = withPlaces(whole, sort)
  let after: (string | number)[] | undefined
  for (;;) {
    const page = await collection.find(filter, { sort, limit, ...(after && { after }) })
    seen.push(...page.map((each) => each._id))
    const last = page.at(-1)
    if (!last || page.length < limit) return seen
    after = placesOf(last, sort)
  }
}

const REFUSED = 'refused'

/** What a store answers; `REFUSED` for any error but the port's own two. */
async function outcomeOf(collection: Collection<Thing>, step: Operation): Promise<unknown> {
  try {
    if (step.kind === 'delete') return await collection.deleteMany(step.filter)
    return await collection.updateOne(step.filter, step.update, { upsert: step.kind === 'upsert' })
  } catch (error) {
    const { name } = error as Error // thrown by a port
    return name === 'AlreadyExists' || name === 'StoreUnavailable' ? name : REFUSED
  }
}

function ownedBy(owner: string, step: Operation): Operation {
  if (step.kind === 'delete') return { ...step, filter: { ...step.filter, owner } }
  return { ...step, filter: { ...step.filter, _id: `${owner}-${step.filter._id}`, owner } }
}

/** The same on a plain list: the answer, and the list afterwards. */
function applied(model: readonly Thing[], step: Operation): [unknown, Thing[]] {
  const query = new Query(step.filter)
  if (step.kind === 'delete') {
    const left = model.filter((each) => !query.test(each))
    return [model.length - left.length, left]
  }
  const { $setOnInsert, ...update } = step.update
  const target = model.find((each) => query.test(each))
  if (target) {
    const changed = changedBy(target, update)
    return [changed, model.map((each) => (each === target ? changed : each))]
  }
  if (step.kind === 'update') return [undefined, [...model]]
  if (model.some((each) => each._id === step.filter._id)) return ['AlreadyExists', [...model]]
  const equalities = Object.entries(step.filter).filter(([, value]) => typeof value !== 'object')
  const { _id, ...rest } = Object.fromEntries(equalities) as Thing // scalars are left
  const seed = changedBy({ _id }, { $set: rest })
  const made = changedBy(changedBy(seed, update), { $set: $setOnInsert ?? {} })
  return [made, [...model, made]]
}

function changedBy(document: Thing, update: Update): Thing {
  const copy = structuredClone(document)
  for (const [operator, changes] of Object.entries(update)) {
    // mingo asks for MongoDB's own empty string.
    const asked = Object.fromEntries(
      Object.entries(changes).map(([path, value]) => [path, operator === '$unset' ? '' : value]),
    )
    if (Object.keys(asked).length > 0)
      change(copy, { [operator]: asked }, [], {}, { cloneMode: 'deep' })
  }
  return copy
}
