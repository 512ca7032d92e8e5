// The document port on the embedded store, and what only it promises: a kill loses nothing.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, describe, expect, it } from '@jest/globals'
import { openDatabase } from '../../adapters/embedded/database.ts'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createEmbeddedEphemeral } from '../../adapters/embedded/ephemeral.ts'
import { SLICE } from '../../adapters/embedded/sweep.ts'
import { removeExpired } from '../../adapters/embedded/tables.ts'
import { HOUR } from '../../src/shared/clock.ts'
import { StoreUnavailable } from '../../src/stores/errors.ts'
import { eventually } from '../support/eventually.ts'
import { newFolder } from '../support/folder.ts'
import { movableClock } from '../support/movable-clock.ts'
import { documentsContract } from './documents.ts'
import { type Thing, things } from './things.ts'

const folder = newFolder('foyer-embedded-')
const clock = movableClock()
const open = async (name = 'contract') =>
  createEmbeddedDocuments({ file: join(folder, `${name}.db`), clock })
afterAll(() => rmSync(folder, { recursive: true, force: true }))

documentsContract('the embedded store', { open: () => open(), openAgain: () => open() })

describe('the embedded document store', () => {
  it('keeps every write that was answered before a kill', async () => {
    const writer = startWriter('killed')
    await writer.answered(200)
    const answered = await writer.kill()
    const { documents, ephemeral } = writer.open()
    const count = await documents.collection<Thing>(things).count({ n: { $lte: answered } })
    expect(count).toBe(answered)
    for (let n = 1; n <= answered; n += 1) expect(await ephemeral.get(String(n))).toBe('kept')
    expect((await ephemeral.increment('count', HOUR)).count).toBeGreaterThan(answered)
    await Promise.all([documents.close(), ephemeral.close()])
  })

  it('takes back the whole of a write that fails half way, and nothing of the others in its turn', async () => {
    const documents = await open('half-way')
    const collection = documents.collection<Thing>(things)
    await collection.insert({ _id: 'taken', owner: 'half-way', email: 'a' })
    const outcomes = await Promise.allSettled([
      collection.insert({ _id: 'before' }),
      collection.updateInOrder([
        { filter: { _id: 'half' }, update: { $set: { n: 1 } }, upsert: true },
        {
          filter: { _id: 'whole' },
          update: { $set: { owner: 'half-way', email: 'a' } },
          upsert: true,
        },
      ]),
      collection.insert({ _id: 'after' }),
    ])
    const found = await collection.find({}, { sort: [['_id', 1]], limit: 9 })
    await documents.close()
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(found.map(({ _id }) => _id)).toEqual(['after', 'before', 'taken'])
  })

  it('serves two processes that write at once', async () => {
    const writer = startWriter('shared')
    await writer.answered(1)
    const { documents, ephemeral } = writer.open()
    const collection = documents.collection<Thing>(things)
    for (let n = 0; n < 200; n += 1) {
      await collection.insert({ _id: `ours-${n}` })
      await collection.updateOne({ _id: 'sum' }, { $inc: { sum: 1 } }, { upsert: true })
      // Lets the lines of the other arrive.
      await new Promise((resolve) => setImmediate(resolve))
    }
    const answered = await writer.kill()
    const theirs = await collection.count({ n: { $exists: true } })
    expect(theirs).toBeGreaterThanOrEqual(answered)
    const sum = Number((await collection.findOne({ _id: 'sum' }))?.sum)
    // The last one may have been written, and not yet added.
    expect([theirs, theirs - 1]).toContain(sum - 200)
    await Promise.all([documents.close(), ephemeral.close()])
  })

  it('waits for another’s transaction, then says that it is unavailable, then goes on', () => {
    const file = join(folder, 'locked.db')
    const [holder, waiting] = [openDatabase(file), openDatabase(file, 50)]
    const write = () => waiting.transaction(() => 'written')
    holder.transaction(() => expect(write).toThrow(StoreUnavailable))
    expect(write()).toBe('written')
    holder.close()
    waiting.close()
  })

  it('removes what has expired, a slice at a time, and nothing else', async () => {
    const documents = await open('expiry')
    const collection = documents.collection<Thing>(things)
    const now = clock.now()
    for (let index = 0; index < SLICE + 1; index += 1)
      await collection.insert({ _id: `old-${index}`, expiresAt: now - 1 })
    await collection.insert({ _id: 'young', expiresAt: now + 1 })
    await collection.insert({ _id: 'eternal' })
    const database = openDatabase(join(folder, 'expiry.db'))
    expect(removeExpired(database, things, now)).toBe(true)
    expect(removeExpired(database, things, now)).toBe(false)
    database.close()
    const left = await collection.find({}, { limit: 10 })
    await documents.close()
    expect(left.map((each) => each._id)).toEqual(['eternal', 'young'])
  })

  it('says that it is unavailable once it is closed, and when its file is no database', async () => {
    const documents = await open('closed')
    await documents.prepare([things])
    const collection = documents.collection<Thing>(things)
    await documents.close()
    await expect(collection.findOne({ _id: 'x' })).rejects.toThrow(StoreUnavailable)
    const text = join(folder, 'text.db')
    writeFileSync(text, 'this is no database, and long enough to be looked at as one'.repeat(99))
    expect(() => createEmbeddedDocuments({ file: text, clock })).toThrow(StoreUnavailable)
  })
})

/** The endless writer on files of its own. */
function startWriter(name: string) {
  const [file, ephemeralFile] = [join(folder, `${name}.db`), join(folder, `${name}-ephemeral.db`)]
  const program = join(import.meta.dirname, '../support/endless-writer.ts')
  const flags = ['--disable-warning=ExperimentalWarning']
  const child = spawn(process.execPath, [...flags, program, file, ephemeralFile], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let last = 0
  createInterface({ input: child.stdout }).on('line', (line) => {
    last = Number(line)
  })
  return {
    /** Returns when so many were answered. */
    answered: (count: number) => eventually(async () => expect(last).toBeGreaterThanOrEqual(count)),
    /** Ends it at once, wherever it is; returns how many it had answered. */
    async kill(): Promise<number> {
      const closed = once(child, 'close')
      child.kill('SIGKILL')
      await closed
      return last
    },
    /** The same files, opened here. */
    open: () => ({
      documents: createEmbeddedDocuments({ file, clock }),
      ephemeral: createEmbeddedEphemeral({ file: ephemeralFile, clock }),
    }),
  }
}
