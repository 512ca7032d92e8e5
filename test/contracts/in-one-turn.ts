// What the document port promises of questions that come at the same time, as cases that run on every adapter.

import { describe, expect, it } from '@jest/globals'
import type { Collection } from '../../src/stores/documents.ts'
import { AlreadyExists } from '../../src/stores/errors.ts'
import type { Thing } from './things.ts'

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

export function inOneTurnContract(collection: () => Collection<Thing>): void {
  describe('in one turn', () => {
    it('reads each by its own filter', async () => {
      const mine = times(30, (index) => ({
        _id: `turn-${index}`,
        owner: `turn-owner-${index % 2}`,
      }))
      for (const each of mine) await collection().insert(each)
      const owned = await Promise.all(
        mine.map(({ _id }) => collection().findOne({ _id, owner: 'turn-owner-1' })),
      )
      const named = await Promise.all(mine.map(({ _id }) => collection().findOne({ _id })))
      expect(owned).toEqual(mine.map((each) => (each.owner === 'turn-owner-1' ? each : undefined)))
      expect(named).toEqual(mine)
      expect(
        await Promise.all([
          collection().findOne({ _id: 'turn-0' }),
          collection().findOne({ _id: 'turn-none' }),
          collection().findOne({ owner: 'turn-owner-1' }, { sort: [['_id', -1]] }),
        ]),
      ).toEqual([mine[0], undefined, mine[9]])
    })

    it('gives everybody who asks for a document one of their own', async () => {
      await collection().insert({ _id: 'turn-shared', list: ['a'], at: { deep: 1 } })
      const all = await Promise.all(times(5, () => collection().findOne({ _id: 'turn-shared' })))
      for (const each of all) {
        expect(each).toEqual({ _id: 'turn-shared', list: ['a'], at: { deep: 1 } })
        Object.assign(each?.at ?? {}, { deep: 2 })
      }
    })

    it('adds what can be added, and tells each of the others why it cannot', async () => {
      await collection().insert({ _id: 'turn-taken', owner: 'turn-taken', email: 'x' })
      const outcomes = await Promise.allSettled([
        collection().insert({ _id: 'turn-first' }),
        collection().insert({ _id: 'turn-taken' }),
        collection().insert({ _id: 'turn-second', expiresAt: 4_000_000_000_000 }),
        collection().insert({ _id: 'turn-third', owner: 'turn-taken', email: 'x' }),
        collection().insert({ _id: 'turn-fourth' }),
      ])
      expect(outcomes.map(({ status }) => status)).toEqual([
        'fulfilled',
        'rejected',
        'fulfilled',
        'rejected',
        'fulfilled',
      ])
      const reasons = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
      for (const reason of reasons) expect(reason).toBeInstanceOf(AlreadyExists)
      expect(reasons.map(({ index }) => index)).toEqual(['_id', 'email'])
      const ids = ['turn-first', 'turn-second', 'turn-third', 'turn-fourth']
      const found = await Promise.all(ids.map((_id) => collection().findOne({ _id })))
      expect(found.map((each) => each?._id)).toEqual([
        'turn-first',
        'turn-second',
        undefined,
        'turn-fourth',
      ])
    })

    it('takes back what fails, and nothing of the others', async () => {
      for (const _id of ['fate-a', 'fate-b'])
        await collection().insert({ _id, owner: 'fate', email: _id })
      const outcomes = await Promise.allSettled([
        collection().updateOne({ _id: 'fate-a' }, { $inc: { n: 1 } }),
        collection().updateOne({ _id: 'fate-b' }, { $set: { email: 'fate-a' } }),
        collection().insert({ _id: 'fate-c', at: new Date() as unknown as string }),
        collection().updateOne({ _id: 'fate-b' }, { $inc: { n: 1 } }),
        collection().deleteMany({ _id: 'fate-none' }),
        collection().insert({ _id: 'fate-d', owner: 'fate' }),
      ])
      expect(
        outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : [])),
      ).toEqual([1, 2])
      const found = await collection().find({ owner: 'fate' }, { sort: [['_id', 1]], limit: 9 })
      expect(found).toEqual([
        { _id: 'fate-a', owner: 'fate', email: 'fate-a', n: 1 },
        { _id: 'fate-b', owner: 'fate', email: 'fate-b', n: 1 },
        { _id: 'fate-d', owner: 'fate' },
      ])
    })
  })
}
