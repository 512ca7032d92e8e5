// The ephemeral port on the embedded store, and its sweep.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals'
import { createEmbeddedEphemeral } from '../../adapters/embedded/ephemeral.ts'
import { newFolder } from '../support/folder.ts'
import { movableClock } from '../support/movable-clock.ts'
import { ephemeralContract } from './ephemeral.ts'

const folder = newFolder('foyer-ephemeral-')
const clock = movableClock()
const open = async () => createEmbeddedEphemeral({ file: join(folder, 'ephemeral.db'), clock })
afterAll(() => rmSync(folder, { recursive: true, force: true }))

ephemeralContract('the embedded store', {
  open,
  openAgain: open,
  now: clock.now,
  async pass(milliseconds) {
    clock.forward(milliseconds)
  },
})

describe('the embedded ephemeral store', () => {
  afterEach(() => {
    jest.useRealTimers()
  })

  it('removes what has expired within a minute, and nothing else', async () => {
    // The sweep's interval only.
    jest.useFakeTimers({
      doNotFake: [
        'Date',
        'nextTick',
        'queueMicrotask',
        'setImmediate',
        'setTimeout',
        'performance',
      ],
    })
    const file = join(folder, 'expiry.db')
    const store = createEmbeddedEphemeral({ file, clock })
    const digestExpiresAt = clock.now() + 1000
    const guard = { digest: 'right', digestExpiresAt, value: '', tries: 1, ttl: 1000 }
    await store.set('old', 'value', 1000)
    await store.guard('old', guard)
    await store.increment('old', 1000)
    await store.set('young', 'value', 100_000)
    clock.forward(1001)
    jest.advanceTimersByTime(60_000)
    const database = new DatabaseSync(file, { readOnly: true })
    const keys = ['values', 'guards', 'counters'].flatMap((table) =>
      database.prepare(`SELECT key FROM "${table}"`).all(),
    )
    database.close()
    await store.close()
    expect(keys).toEqual([{ key: 'young' }])
  })

  it('keeps what was written a moment before it was closed', async () => {
    const store = await open()
    const written = Promise.all([store.set('late', 'value', 60_000), store.increment('late', 1000)])
    await store.close()
    await written
    const again = await open()
    expect(await again.get('late')).toBe('value')
    await again.close()
  })

  it('answers every write of a turn with the failure of the turn', async () => {
    const store = await open()
    await store.close()
    const writes = [store.set('a', 'value', 1000), store.increment('b', 1000)]
    const outcomes = await Promise.allSettled(writes)
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ reason: { name: 'StoreUnavailable' } })
  })
})
