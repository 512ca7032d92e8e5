// The document port on the embedded store, and what only it promises: a kill loses nothing.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, describe, expect, it } from '@jest/globals'
import { openDatabase } from '../../adapters/embedded/database.ts'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { SLICE } from '../../adapters/embedded/sweep.ts'
import { removeExpired } from '../../adapters/embedded/tables.ts'
import { StoreUnavailable } from '../../src/stores/errors.ts'
import { movableClock } from '../support/server.ts'
import { documentsContract } from './documents.ts'
import { type Thing, things } from './things.ts'

const folder = mkdtempSync(join(tmpdir(), 'foyer-embedded-'))
const clock = movableClock()
const open = async (name = 'contract') =>
  createEmbeddedDocuments({ file: join(folder, `${name}.db`), clock })
afterAll(() => rmSync(folder, { recursive: true, force: true }))

documentsContract('the embedded store', { open: () => open(), openAgain: () => open() })

describe('the embedded document store', () => {
  it('keeps every write that was answered before a kill', async () => {
    const file = join(folder, 'killed.db')
    const writer = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        join(import.meta.dirname, '../support/endless-writer.ts'),
        file,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    let answered = 0
    for await (const line of createInterface({ input: writer.stdout })) {
      answered = Number(line)
      if (answered >= 200) break
    }
    const gone = once(writer, 'exit')
    writer.kill('SIGKILL')
    await gone
    const documents = createEmbeddedDocuments({ file, clock })
    await documents.prepare([things])
    const kept = await documents.collection<Thing>(things).count({ n: { $lte: answered } })
    await documents.close()
    expect(answered).toBeGreaterThanOrEqual(200)
    expect(kept).toBe(answered)
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
