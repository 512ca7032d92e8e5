// The document port on MongoDB, and what only it promises: bounded waits.

import { afterAll, describe, expect, it } from '@jest/globals'
import { MongoClient } from 'mongodb'
import { createMongoDocuments } from '../../adapters/mongo/documents.ts'
import type { Documents } from '../../src/stores/documents.ts'
import { StoreUnavailable } from '../../src/stores/errors.ts'
import { startCommandWatch } from '../support/command-watch.ts'
import { eventually } from '../support/eventually.ts'
import { startOwnMongo } from '../support/services/processes.ts'
import { describeWithServices, mongoForTest } from '../support/services/shared.ts'
import { startStopwatch } from '../support/stopwatch.ts'
import { documentsContract } from './documents.ts'
import { others, type Thing, things } from './things.ts'

describeWithServices('MongoDB', () => {
  const database = mongoForTest()
  const open = () => createMongoDocuments({ uri: database.uri })
  afterAll(() => database.drop())

  documentsContract('MongoDB', { open, openAgain: open })

  it('lets MongoDB itself remove what has expired, by a date beside the instant', async () => {
    const documents = await open()
    await documents.prepare([things])
    const expiresAt = Date.now() + 3600_000
    await documents.collection<Thing>(things).insert({ _id: 'expires', expiresAt })
    await documents
      .collection<Thing>(things)
      .updateOne({ _id: 'expires' }, { $set: { expiresAt: expiresAt + 1 } })
    const client = new MongoClient(database.uri)
    const rows = client.db().collection<{ _id: string }>('things')
    const row = await rows.findOne({ _id: 'expires' })
    const indexes = await rows.indexes()
    const seen = await documents.collection<Thing>(things).findOne({ _id: 'expires' })
    await client.close()
    await documents.close()
    expect(row).toMatchObject({ _expiry: new Date(expiresAt + 1) })
    expect(seen).toEqual({ _id: 'expires', expiresAt: expiresAt + 1 })
    expect(indexes.filter((index) => index.expireAfterSeconds === 0)).toHaveLength(1)
  })

  it('adds by one command what is added in one turn, and reads it by one', async () => {
    const watch = await startCommandWatch(database.uri)
    const documents = await createMongoDocuments({ uri: watch.uri })
    const collection = documents.collection<Thing>(things)
    const many = Array.from({ length: 50 }, (_, index) => `together-${index}`)
    watch.seen()
    await Promise.all(many.map((_id) => collection.insert({ _id, owner: _id })))
    await Promise.all(many.map((_id) => collection.findOne({ _id })))
    const commands = watch.seen().filter((command) => !/^(hello|ping|endSessions)/.test(command))
    await documents.close()
    await watch.stop()
    expect(commands).toEqual(['insert things', 'find things'])
  })

  it('adds the others where one is larger than a document may be', async () => {
    const documents = await open()
    const collection = documents.collection<Thing>(things)
    const outcomes = await Promise.allSettled([
      collection.insert({ _id: 'beside-the-large' }),
      collection.insert({ _id: 'large', text: 'x'.repeat(17 * 1024 * 1024) }),
    ])
    const found = await collection.findOne({ _id: 'beside-the-large' })
    await documents.close()
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(found).toEqual({ _id: 'beside-the-large' })
  })

  it('changes many documents in a unit of work by one command', async () => {
    const watch = await startCommandWatch(database.uri)
    const documents = await createMongoDocuments({ uri: watch.uri })
    const many = Array.from({ length: 50 }, (_, index) => `many-${index}`)
    for (const _id of many) await documents.collection<Thing>(things).insert({ _id, n: 1 })
    watch.seen()
    const outcome = await documents.unitOfWork([
      { in: others, insert: { _id: 'many' } },
      ...many.map((_id) => ({ in: things, update: { _id, n: 1 }, by: { $inc: { n: 1 } } })),
    ])
    const commands = watch.seen().filter((command) => !/^(hello|ping|endSessions)/.test(command))
    await documents.close()
    await watch.stop()
    expect(outcome).toEqual({ done: true })
    expect(commands).toEqual(['insert others', 'update things', 'commitTransaction'])
  })

  describe('a server of its own', () => {
    it.each(['SIGKILL', 'SIGSTOP'] as const)(
      'that is gone (%s) is unavailable within 5 seconds, and used again when it is back',
      async (signal) => {
        const mongo = await startOwnMongo()
        const documents = await createMongoDocuments({ uri: mongo.uri })
        const collection = documents.collection<Thing>(things)
        try {
          await documents.prepare([things])
          await collection.insert({ _id: 'before' })
          await mongo.kill(signal)
          // A signal takes a moment to arrive: until then it may still answer.
          await eventually(async () => {
            const taken = startStopwatch()
            const outcomes = await Promise.allSettled(everyMethod(documents))
            expect(taken()).toBeLessThan(5500) // 5 seconds, and some for this machine
            for (const outcome of outcomes)
              expect(outcome).toEqual({ status: 'rejected', reason: expect.any(StoreUnavailable) })
          })
          await (signal === 'SIGKILL' ? mongo.restart() : mongo.kill('SIGCONT'))
          await eventually(async () =>
            expect(await collection.findOne({ _id: 'before' })).toEqual({ _id: 'before' }),
          )
          await collection.insert({ _id: 'after' })
        } finally {
          await mongo.kill('SIGCONT')
          await documents.close()
          await mongo.stop()
        }
      },
      60_000,
    )
  })
})

/** One call of each method, all at once. Who is told that the store is away cannot know what it does later. */
function everyMethod(documents: Documents): Promise<unknown>[] {
  const collection = documents.collection<Thing>(things)
  return [
    collection.insert({ _id: 'meanwhile' }),
    collection.findOne({ _id: 'before' }),
    collection.find({}, { limit: 1 }),
    collection.count({}),
    collection.updateOne({ _id: 'nothing' }, { $set: { a: 1 } }),
    collection.updateInOrder([{ filter: { _id: 'nothing' }, update: { $set: { a: 1 } } }]),
    collection.deleteMany({ _id: 'nothing' }),
    documents.unitOfWork([
      { in: things, insert: { _id: 'one' } },
      { in: things, insert: { _id: 'two' } },
    ]),
    documents.ping(),
  ]
}
