// What the document port promises of units of work.

import { beforeAll, describe, expect, it } from '@jest/globals'
import type { Collection, Documents } from '../../src/stores/documents.ts'
import { others, type Thing, things } from './things.ts'

/** `port` gives the documents that the suite around it has opened. */
export function unitsOfWorkContract(port: () => Documents): void {
  describe('a unit of work', () => {
    let documents: Documents
    let collection: Collection<Thing>
    let count = 0
    const owner = (): string => {
      count += 1
      return `unit-${count}`
    }
    beforeAll(() => {
      documents = port()
      collection = documents.collection<Thing>(things)
    })
    it('does all of its writes', async () => {
      const mine = owner()
      await collection.insert({ _id: `${mine}-1`, owner: mine, n: 1 })
      await collection.insert({ _id: `${mine}-2`, owner: mine })
      const outcome = await documents.unitOfWork([
        { in: things, update: { _id: `${mine}-1`, n: 1 }, by: { $inc: { n: 1 } } },
        { in: others, insert: { _id: mine, why: 'moved' } },
        { in: things, remove: { _id: `${mine}-2` } },
        { in: things, remove: { _id: `${mine}-3` }, optional: true },
      ])
      expect(outcome).toEqual({ done: true })
      expect((await collection.findOne({ _id: `${mine}-1` }))?.n).toBe(2)
      expect(await collection.findOne({ _id: `${mine}-2` })).toBeUndefined()
      expect(await documents.collection<Thing>(others).findOne({ _id: mine })).toEqual({
        _id: mine,
        why: 'moved',
      })
    })

    it.each<[string, number, (mine: string) => Parameters<Documents['unitOfWork']>[0]]>([
      [
        'an update that matches nothing',
        1,
        (mine) => [
          { in: things, insert: { _id: `${mine}-new` } },
          { in: things, update: { _id: 'nobody' }, by: { $set: { a: 1 } } },
        ],
      ],
      [
        'one of many updates that matches nothing',
        2,
        (mine) => [
          { in: things, update: { _id: mine }, by: { $set: { a: 1 } } },
          { in: things, update: { _id: mine, a: 1 }, by: { $set: { a: 2 } } },
          { in: things, update: { _id: mine, a: 1 }, by: { $set: { a: 3 } } },
          { in: things, update: { _id: mine }, by: { $set: { a: 4 } } },
        ],
      ],
      [
        'one of many updates whose value is taken',
        1,
        (mine) => [
          { in: things, update: { _id: mine }, by: { $set: { a: 1 } } },
          { in: things, update: { _id: mine }, by: { $set: { owner: mine, email: 'taken' } } },
        ],
      ],
      [
        'a removal that matches nothing',
        2,
        (mine) => [
          { in: things, insert: { _id: `${mine}-new` } },
          { in: things, update: { _id: mine }, by: { $set: { a: 1 } } },
          { in: things, remove: { _id: 'nobody' } },
        ],
      ],
      [
        'an id that is taken',
        1,
        (mine) => [
          { in: things, update: { _id: mine }, by: { $set: { a: 1 } } },
          { in: things, insert: { _id: mine } },
        ],
      ],
    ])('does none of them after %s', async (_what, failed, writes) => {
      const mine = owner()
      await collection.insert({ _id: mine })
      await collection.insert({ _id: `${mine}-holder`, owner: mine, email: 'taken' })
      expect(await documents.unitOfWork(writes(mine))).toEqual({ done: false, failed })
      expect(await collection.findOne({ _id: mine })).toEqual({ _id: mine })
      expect(await collection.findOne({ _id: `${mine}-new` })).toBeUndefined()
    })

    it('moves between two documents without losing or making any, 40 at once', async () => {
      const mine = owner()
      await collection.insert({ _id: `${mine}-a`, n: 25 })
      await collection.insert({ _id: `${mine}-b`, n: 0 })
      const outcomes = await Promise.all(
        Array.from({ length: 40 }, () =>
          documents.unitOfWork([
            { in: things, update: { _id: `${mine}-a`, n: { $gt: 0 } }, by: { $inc: { n: -1 } } },
            { in: things, update: { _id: `${mine}-b` }, by: { $inc: { n: 1 } } },
          ]),
        ),
      )
      expect(outcomes.filter((outcome) => outcome.done)).toHaveLength(25)
      expect((await collection.findOne({ _id: `${mine}-a` }))?.n).toBe(0)
      expect((await collection.findOne({ _id: `${mine}-b` }))?.n).toBe(25)
    })

    it('refuses what the port refuses', async () => {
      const work = documents.unitOfWork([
        { in: things, update: { _id: { $ne: 'x' } as never }, by: { $set: { a: 1 } } },
      ])
      await expect(work).rejects.toThrow(TypeError)
    })
  })
}
