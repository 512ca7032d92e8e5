// What the document port promises of several updates in one trip, as cases that run on every adapter.

import { describe, expect, it } from '@jest/globals'
import type { Collection } from '../../src/stores/documents.ts'
import { hostileUpdates } from './hostile-documents.ts'
import type { Thing } from './things.ts'

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

export function updateInOrderContract(collection: () => Collection<Thing>): void {
  let count = 0
  const name = (): string => {
    count += 1
    return `in-order-${count}`
  }

  describe('updateInOrder', () => {
    it('makes and changes one after the other, and says how many it found or made', async () => {
      const _id = name()
      const done = await collection().updateInOrder([
        { filter: { _id, owner: _id }, update: { $setOnInsert: { n: 1 } }, upsert: true },
        { filter: { _id, n: 1 }, update: { $inc: { n: 1 } } },
        { filter: { _id, n: 1 }, update: { $set: { n: 100 } } },
      ])
      expect(done).toBe(2)
      expect(await collection().findOne({ _id })).toEqual({ _id, owner: _id, n: 2 })
    })

    it('lets one of 20 at once through a condition', async () => {
      const mine = name()
      await collection().insert({ _id: mine, owner: mine })
      const done = await Promise.all(
        times(20, (index) =>
          collection().updateInOrder([
            {
              filter: { _id: `${mine}-${index}` },
              update: { $set: { owner: mine } },
              upsert: true,
            },
            { filter: { _id: mine, by: { $exists: false } }, update: { $set: { by: index } } },
          ]),
        ),
      )
      expect(done.filter((count) => count === 2)).toHaveLength(1)
      expect(await collection().count({ owner: mine })).toBe(21)
    })

    it('stops at a value that is taken, and names the index', async () => {
      const mine = name()
      await collection().insert({ _id: `${mine}-1`, owner: mine, email: 'a' })
      await collection().insert({ _id: `${mine}-2`, owner: mine, email: 'b' })
      const changes = collection().updateInOrder([
        { filter: { _id: `${mine}-2` }, update: { $set: { email: 'a' } } },
        { filter: { _id: `${mine}-2` }, update: { $set: { n: 1 } } },
      ])
      await expect(changes).rejects.toMatchObject({ name: 'AlreadyExists', index: 'email' })
      expect(await collection().findOne({ _id: `${mine}-2` })).toEqual({
        _id: `${mine}-2`,
        owner: mine,
        email: 'b',
      })
    })

    it.each(hostileUpdates)('refuses %s', async (_what, update) => {
      const change = { filter: { _id: name() }, update: update as { $set: { a: 1 } } }
      await expect(collection().updateInOrder([change])).rejects.toThrow(TypeError)
    })
  })
}
