// What the engine's adapter remembers of grants and sessions: for a moment only, and never beyond an end it heard of.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createEmbeddedEphemeral } from '../../adapters/embedded/ephemeral.ts'
import { createRecent, type Recent } from '../../adapters/oidc/recent.ts'
import { createRedisEphemeral } from '../../adapters/redis/ephemeral.ts'
import type { Ephemeral } from '../../src/stores/ephemeral.ts'
import { eventually } from '../support/eventually.ts'
import { newFolder } from '../support/folder.ts'
import { movableClock } from '../support/movable-clock.ts'
import { recordingLog } from '../support/recording-log.ts'
import { describeWithServices, redisForTest } from '../support/services/shared.ts'

const grant = { _id: 'grant' }
const changed = { _id: 'grant', scope: 'more' }
const found = async () => grant
const gone = async () => undefined

describe('recent grants and sessions', () => {
  const folder = newFolder('foyer-recent-')
  const clock = movableClock()
  const ephemeral = createEmbeddedEphemeral({ file: join(folder, 'ephemeral.db'), clock })
  let recent: Recent
  beforeEach(() => {
    recent = createRecent({ ephemeral, clock })
  })
  afterAll(async () => {
    await ephemeral.close()
    rmSync(folder, { recursive: true })
  })

  it('are read once in three seconds, and then again', async () => {
    await recent.find('a', found)
    expect(await recent.find('a', gone)).toBe(grant)
    clock.forward(3000)
    expect(await recent.find('a', gone)).toBeUndefined()
  })

  it('are known as they were written', async () => {
    await recent.keep('a', found)
    expect(await recent.find('a', gone)).toBe(grant)
  })

  it('are forgotten when something ends', async () => {
    await recent.keep('a', found)
    await recent.forget()
    expect(await recent.find('a', gone)).toBeUndefined()
  })

  it('are forgotten by other processes, too: all when something ends, one when it changes', async () => {
    const elsewhere = createRecent({ ephemeral, clock })
    const heard = () => new Promise((resolve) => setImmediate(resolve))
    await recent.keep('a', found)
    await recent.keep('b', found)
    await elsewhere.keep('a', async () => changed)
    await heard()
    expect(await recent.find('a', gone)).toBeUndefined()
    expect(await recent.find('b', gone)).toBe(grant)
    await elsewhere.forget()
    await heard()
    expect(await recent.find('b', gone)).toBeUndefined()
  })

  it('are not remembered from a read that began before the end', async () => {
    const { promise, resolve } = Promise.withResolvers<typeof grant>()
    const reading = recent.find('a', () => promise)
    await recent.forget()
    resolve(grant)
    await reading
    expect(await recent.find('a', gone)).toBeUndefined()
  })

  it('are not known as they were before a write, whatever else changed elsewhere meanwhile', async () => {
    const elsewhere = createRecent({ ephemeral, clock })
    await recent.find('a', found)
    await recent.keep('a', async () => {
      await elsewhere.keep('b', found)
      await new Promise((resolve) => setImmediate(resolve)) // this process has heard of it
      return changed
    })
    expect(await recent.find('a', async () => changed)).toBe(changed)
  })

  it.each([
    ['nothing was there to be changed', gone],
    ['nobody knows what became of', () => Promise.reject(new Error('away'))],
  ])('are not known as they were before a write that %s', async (_how, write) => {
    await recent.find('a', found)
    await recent.keep('a', write).catch(() => {})
    expect(await recent.find('a', async () => changed)).toBe(changed)
  })

  it.each([
    ['a read', (work: () => Promise<typeof grant>) => recent.find('a', work)],
    ['a write', (work: () => Promise<typeof grant>) => recent.keep('a', work)],
  ])(
    'are not remembered from %s whose answer comes after that of a later write',
    async (_what, begin) => {
      const { promise, resolve } = Promise.withResolvers<typeof grant>()
      const slow = begin(() => promise)
      await recent.keep('a', async () => changed)
      resolve(grant)
      await slow
      expect(await recent.find('a', async () => changed)).toBe(changed)
    },
  )
})

describeWithServices('recent grants and sessions of two processes', () => {
  const open: Ephemeral[] = []
  afterAll(() => Promise.all(open.map((store) => store.close())))

  it('are forgotten by both when something ends or changes in one', async () => {
    const clock = { now: () => 0 } // time alone never makes them forget
    const log = recordingLog()
    const server = redisForTest()
    const start = async (): Promise<Recent> => {
      const ephemeral = await createRedisEphemeral({ ...server, log })
      open.push(ephemeral)
      return createRecent({ ephemeral, clock })
    }
    const [here, there] = [await start(), await start()]
    await eventually(async () => {
      await there.keep('a', found)
      await here.forget()
      await new Promise((resolve) => setImmediate(resolve))
      expect(await there.find('a', gone)).toBeUndefined()
    })
    // What `there` has to tell of its own arrives some time: then both have heard everything.
    await there.keep('b', found)
    await eventually(async () => {
      await here.keep('b', async () => changed)
      expect(await there.find('b', gone)).toBeUndefined()
      expect(await here.find('b', gone)).toBe(changed)
    })
    // Of what was made just now nobody is told: the message after it comes first.
    await here.keep('c', found)
    await here.keep('d', found)
    await there.keep(
      'c',
      async () => changed,
      () => true,
    )
    await there.keep('d', async () => changed)
    await eventually(async () => expect(await here.find('d', gone)).toBeUndefined())
    expect(await here.find('c', gone)).toBe(grant)
  })
})
