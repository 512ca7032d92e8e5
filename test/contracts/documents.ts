// What the document port promises, as cases that run on every adapter.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Collection, CollectionSpec, Documents, Update } from '../../src/stores/documents.ts'
import { AlreadyExists } from '../../src/stores/errors.ts'
import { hostileDocuments, hostileFilters, hostileUpdates } from './hostile-documents.ts'
import { inOneTurnContract } from './in-one-turn.ts'
import { others, type Thing, things } from './things.ts'
import { unitsOfWorkContract } from './units-of-work.ts'
import { updateInOrderContract } from './update-in-order.ts'

export type DocumentPort = {
  /** A port on a store of its own, with nothing in it. */
  open(): Promise<Documents>
  /** A second port on the same store, as another process would have it. */
  openAgain(): Promise<Documents>
}

const names = (documents: readonly Thing[]): string[] => documents.map((each) => each._id)
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

export function documentsContract(name: string, port: DocumentPort): void {
  describe(`the document port on ${name}`, () => {
    let documents: Documents
    let collection: Collection<Thing>
    /** A name for the documents of one case, so that cases share a collection and nothing else. */
    let count = 0
    const owner = (): string => {
      count += 1
      return `owner-${count}`
    }

    beforeAll(async () => {
      documents = await port.open()
      await documents.prepare([things, others])
      collection = documents.collection<Thing>(things)
    })
    afterAll(() => documents.close())

    describe('insert', () => {
      it('keeps every kind of JSON as it was', async () => {
        const _id = owner()
        const document = {
          _id,
          text: 'Grüße, 你好 \u2028 "\\',
          empty: '',
          zero: 0,
          minus: -1.5,
          big: Number.MAX_SAFE_INTEGER,
          yes: true,
          no: false,
          nothing: null,
          list: [1, [2, { a: null }], 'x'],
          deep: { a: { b: {} } },
        }
        await collection.insert(document)
        expect(await collection.findOne({ _id })).toEqual(document)
      })

      it('names the unique index, or the id, that is taken', async () => {
        const mine = owner()
        await collection.insert({ _id: `${mine}-1`, owner: mine, email: 'a@example.com' })
        const again = collection.insert({ _id: `${mine}-2`, owner: mine, email: 'a@example.com' })
        await expect(again).rejects.toMatchObject({
          name: 'AlreadyExists',
          index: 'email',
          collection: 'things',
        })
        const same = collection.insert({ _id: `${mine}-1`, owner: mine })
        await expect(same).rejects.toMatchObject({ name: 'AlreadyExists', index: '_id' })
      })

      it('lets documents without the keys of a sparse index stand beside one another', async () => {
        const mine = owner()
        await collection.insert({ _id: `${mine}-1`, owner: mine })
        await collection.insert({ _id: `${mine}-2`, owner: mine })
        expect(await collection.count({ owner: mine })).toBe(2)
      })

      it('lets one of many at once have a unique value', async () => {
        const mine = owner()
        const results = await Promise.allSettled(
          times(50, (index) =>
            collection.insert({ _id: `${mine}-${index}`, owner: mine, email: 'x' }),
          ),
        )
        expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
        for (const result of results)
          if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(AlreadyExists)
        expect(await collection.count({ owner: mine })).toBe(1)
      })

      it.each(hostileDocuments)('D04: refuses %s', async (_what, document) => {
        await expect(collection.insert(document as Thing)).rejects.toThrow(TypeError)
        expect(await collection.findOne({ _id: 'x' })).toBeUndefined()
      })
    })

    describe('find', () => {
      it('understands every condition of the subset', async () => {
        const mine = owner()
        for (const [index, extra] of [
          { n: 1, s: 'b' },
          { n: 2, s: 'a', deep: { x: 'y' } },
          { n: 3, b: true },
        ].entries())
          await collection.insert({ _id: `${mine}-${index}`, owner: mine, ...extra })
        const found = async (filter: object): Promise<string[]> =>
          names(
            await collection.find({ owner: mine, ...filter }, { sort: [['_id', 1]], limit: 10 }),
          ).map((each) => each.slice(-1))
        expect(await found({ n: 2 })).toEqual(['1'])
        expect(await found({ n: { $in: [1, 3, 7] } })).toEqual(['0', '2'])
        expect(await found({ n: { $in: [] } })).toEqual([])
        expect(await found({ n: { $gt: 1 } })).toEqual(['1', '2'])
        expect(await found({ n: { $gte: 1, $lt: 3 } })).toEqual(['0', '1'])
        expect(await found({ n: { $lte: 1 } })).toEqual(['0'])
        expect(await found({ s: { $gt: 'a' } })).toEqual(['0'])
        expect(await found({ s: { $exists: true } })).toEqual(['0', '1'])
        expect(await found({ s: { $exists: false } })).toEqual(['2'])
        expect(await found({ b: true })).toEqual(['2'])
        expect(await found({ 'deep.x': 'y' })).toEqual(['1'])
        expect(await found({ $or: [{ n: 1 }, { b: true }] })).toEqual(['0', '2'])
        expect(await found({ n: '2' })).toEqual([])
        expect(await found({ n: { $gt: '' } })).toEqual([])
        expect(await found({ b: 1 })).toEqual([])
      })

      it('sorts with the id at the end, and pages without losing or repeating one', async () => {
        const mine = owner()
        for (let index = 0; index < 25; index += 1)
          await collection.insert({
            _id: `${mine}-${String(index).padStart(2, '0')}`,
            owner: mine,
            at: Math.floor(index / 4),
          })
        const sort = [['at', -1]] as const
        const all = names(await collection.find({ owner: mine }, { sort, limit: 100 }))
        expect(all).toHaveLength(25)
        expect(all).toEqual([...all].sort().reverse())
        const paged: Thing[] = []
        for (;;) {
          const last = paged.at(-1)
          const after = last && [Number(last.at), last._id]
          const page = await collection.find(
            { owner: mine },
            { sort, limit: 4, ...(after && { after }) },
          )
          paged.push(...page)
          // What comes in front of the place is not seen by the pages after it.
          await collection.insert({ _id: `${mine}-new-${paged.length}`, owner: mine, at: 1000 })
          if (page.length < 4) break
        }
        expect(names(paged)).toEqual(all)
      })

      it('takes the first in order, and counts', async () => {
        const mine = owner()
        for (const at of [2, 3, 1])
          await collection.insert({ _id: `${mine}-${at}`, owner: mine, at })
        expect((await collection.findOne({ owner: mine }, { sort: [['at', -1]] }))?.at).toBe(3)
        expect(await collection.findOne({ owner: 'nobody' })).toBeUndefined()
        expect(await collection.count({ owner: mine, at: { $gt: 1 } })).toBe(2)
      })

      it.each([0, -1, 1.5, Number.NaN])('refuses a limit of %p', async (limit) => {
        await expect(collection.find({ owner: 'x' }, { limit })).rejects.toThrow(TypeError)
      })

      it.each(hostileFilters)(
        'D01: refuses %s in a filter, whatever it is for',
        async (_what, filter) => {
          const hostile = filter as { [path: string]: string }
          await expect(collection.find(hostile, { limit: 1 })).rejects.toThrow(TypeError)
          await expect(collection.findOne(hostile)).rejects.toThrow(TypeError)
          await expect(collection.count(hostile)).rejects.toThrow(TypeError)
          await expect(collection.deleteMany(hostile)).rejects.toThrow(TypeError)
          await expect(collection.updateOne(hostile, { $set: { a: 1 } })).rejects.toThrow(TypeError)
        },
      )
    })

    describe('updateOne', () => {
      it('applies every operator and returns the document as it is afterwards', async () => {
        const _id = owner()
        await collection.insert({ _id, a: 1, list: ['x', 'y', 'x'], deep: { b: 1 }, gone: 1 })
        const updated = await collection.updateOne(
          { _id },
          {
            $set: { 'deep.c': [1], made: { here: true } },
            $unset: { gone: true },
            $inc: { a: 2, fresh: 5 },
            $push: { more: 'z' },
            $pull: { list: 'x' },
          },
        )
        const expected = {
          _id,
          a: 3,
          list: ['y'],
          deep: { b: 1, c: [1] },
          made: { here: true },
          fresh: 5,
          more: ['z'],
        }
        expect(updated).toEqual(expected)
        expect(await collection.findOne({ _id })).toEqual(expected)
      })

      it('changes nothing when nothing matches', async () => {
        const _id = owner()
        await collection.insert({ _id, state: 'new' })
        expect(
          await collection.updateOne({ _id, state: 'old' }, { $set: { state: 'x' } }),
        ).toBeUndefined()
        expect(await collection.findOne({ _id })).toEqual({ _id, state: 'new' })
      })

      it('lets exactly one of 200 at once take something', async () => {
        const _id = owner()
        await collection.insert({ _id })
        const results = await Promise.all(
          times(200, (index) =>
            collection.updateOne({ _id, taken: { $exists: false } }, { $set: { taken: index } }),
          ),
        )
        expect(results.filter(Boolean)).toHaveLength(1)
      })

      it('loses none of 200 additions at once', async () => {
        const _id = owner()
        await collection.insert({ _id, n: 0 })
        const seen = await Promise.all(
          times(200, () => collection.updateOne({ _id }, { $inc: { n: 1 } })),
        )
        expect((await collection.findOne({ _id }))?.n).toBe(200)
        expect(new Set(seen.map((each) => each?.n)).size).toBe(200)
      })

      it('never passes a bound that stands in its filter, however many ask', async () => {
        const _id = owner()
        await collection.insert({ _id, n: 0 })
        const results = await Promise.all(
          times(100, () =>
            collection.updateOne({ _id, n: { $lt: 20 } }, { $inc: { n: 1 }, $push: { at: 1 } }),
          ),
        )
        expect(results.filter(Boolean)).toHaveLength(20)
        expect((await collection.findOne({ _id }))?.at).toHaveLength(20)
      })

      it('makes the document once when 50 upsert it at once', async () => {
        const _id = owner()
        await Promise.all(
          times(50, () =>
            collection.updateOne(
              { _id, owner: _id },
              { $inc: { n: 1 }, $setOnInsert: { made: 'yes' } },
              { upsert: true },
            ),
          ),
        )
        expect(await collection.findOne({ _id })).toEqual({ _id, owner: _id, n: 50, made: 'yes' })
      })

      it('says that it exists when the id is there and the rest of the filter does not match', async () => {
        const _id = owner()
        await collection.insert({ _id, n: 5 })
        const upsert = collection.updateOne(
          { _id, n: { $lt: 5 } },
          { $inc: { n: 1 } },
          { upsert: true },
        )
        await expect(upsert).rejects.toMatchObject({ name: 'AlreadyExists', index: '_id' })
        expect((await collection.findOne({ _id }))?.n).toBe(5)
      })

      it('refuses to run into another document’s unique value', async () => {
        const mine = owner()
        await collection.insert({ _id: `${mine}-1`, owner: mine, email: 'a' })
        await collection.insert({ _id: `${mine}-2`, owner: mine, email: 'b' })
        const change = collection.updateOne({ _id: `${mine}-2` }, { $set: { email: 'a' } })
        await expect(change).rejects.toMatchObject({ name: 'AlreadyExists', index: 'email' })
        expect((await collection.findOne({ _id: `${mine}-2` }))?.email).toBe('b')
      })

      it('refuses an upsert that names no id, or alternatives', async () => {
        const options = { upsert: true }
        await expect(
          collection.updateOne({ owner: 'x' }, { $set: { a: 1 } }, options),
        ).rejects.toThrow(TypeError)
        await expect(
          collection.updateOne({ _id: 'x', n: { $in: [1] } }, { $set: { a: 1 } }, options),
        ).rejects.toThrow(TypeError)
      })

      it.each<[string, Update]>([
        ['a number to a text', { $inc: { text: 1 } }],
        ['an element to a text', { $push: { text: 1 } }],
        ['an element to null', { $push: { nothing: 1 } }],
        ['a pull from a text', { $pull: { text: 'x' } }],
        ['a path through a text', { $set: { 'text.more': 1 } }],
        ['a path through a list', { $set: { 'list.more': 1 } }],
      ])('refuses %s, and changes nothing', async (_what, update) => {
        const document = { _id: owner(), text: 'x', nothing: null, list: [1] }
        await collection.insert(document)
        const change = collection.updateOne(
          { _id: document._id },
          { ...update, $set: { ...update.$set, a: 1 } },
        )
        await expect(change).rejects.toThrow(Error)
        expect(await collection.findOne({ _id: document._id })).toEqual(document)
      })

      it('leaves out what is undefined', async () => {
        const _id = owner()
        await collection.insert({ _id, a: 1, b: undefined })
        await collection.updateOne({ _id }, { $set: { a: undefined, c: undefined } })
        expect(await collection.count({ _id, a: 1, b: { $exists: false } })).toBe(1)
        expect(await collection.count({ _id, c: { $exists: true } })).toBe(0)
      })

      it.each(hostileUpdates)('D04: refuses %s in an update', async (_what, update) => {
        const _id = owner()
        await collection.insert({ _id, a: 1 })
        await expect(collection.updateOne({ _id }, update as { $set: { a: 1 } })).rejects.toThrow(
          TypeError,
        )
        expect(await collection.findOne({ _id })).toEqual({ _id, a: 1 })
      })
    })

    describe('deleteMany', () => {
      it('removes what matches and says how many', async () => {
        const mine = owner()
        for (const n of [1, 2, 3]) await collection.insert({ _id: `${mine}-${n}`, owner: mine, n })
        expect(await collection.deleteMany({ owner: mine, n: { $lt: 3 } })).toBe(2)
        expect(await collection.deleteMany({ _id: `${mine}-1` })).toBe(0)
        expect(await collection.count({ owner: mine })).toBe(1)
      })
      it('removes no more than it was told, part by part, and nothing else', async () => {
        const mine = owner()
        for (const n of times(5, (at) => at))
          await collection.insert({ _id: `${mine}-${n}`, owner: mine, n })
        const some = () => collection.deleteSome({ owner: mine, n: { $gt: 0 } }, 3)
        expect([await some(), await some(), await some()]).toEqual([3, 1, 0])
        expect(await collection.count({ owner: mine })).toBe(1)
      })
    })

    for (const contract of [inOneTurnContract, updateInOrderContract]) contract(() => collection)

    unitsOfWorkContract(() => documents)

    it('shows another process at once what was written, and shares its races', async () => {
      const other = await port.openAgain()
      try {
        await other.prepare([things, others])
        const theirs = other.collection<Thing>(things)
        const _id = owner()
        await collection.insert({ _id, n: 0 })
        expect(await theirs.findOne({ _id })).toEqual({ _id, n: 0 })
        await Promise.all(
          times(40, (index) =>
            (index % 2 ? collection : theirs).updateOne({ _id }, { $inc: { n: 1 } }),
          ),
        )
        expect((await collection.findOne({ _id }))?.n).toBe(40)
        expect((await theirs.findOne({ _id }))?.n).toBe(40)
      } finally {
        await other.close()
      }
    })

    it('makes an index anew that is declared otherwise than before', async () => {
      const declared = (path: string): CollectionSpec => ({
        name: 'changing',
        indexes: [{ name: 'one', keys: [[path, 1]], unique: true }],
      })
      await documents.prepare([declared('a')])
      const later = await port.openAgain()
      try {
        await later.prepare([declared('b')])
        const changing = later.collection<Thing>(declared('b'))
        await changing.insert({ _id: '1', a: 1, b: 1 })
        await changing.insert({ _id: '2', a: 1, b: 2 })
        const third = changing.insert({ _id: '3', a: 3, b: 2 })
        await expect(third).rejects.toMatchObject({ name: 'AlreadyExists', index: 'one' })
      } finally {
        await later.close()
      }
    })

    it('prepares again without harm, and answers a ping', async () => {
      await documents.prepare([things, others])
      await expect(documents.ping()).resolves.toBeUndefined()
    })
  })
}
