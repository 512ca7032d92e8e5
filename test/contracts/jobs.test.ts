// Jobs on both document stores, and a runner that is told to stop.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createMongoDocuments } from '../../adapters/mongo/documents.ts'
import { createJobs, type JobKind } from '../../src/services/events/jobs.ts'
import { createJobStore } from '../../src/stores/jobs.ts'
import { eventually } from '../support/eventually.ts'
import { newFolder } from '../support/folder.ts'
import { recordingLog } from '../support/recording-log.ts'
import { describeWithServices, mongoForTest } from '../support/services/shared.ts'
import { jobsContract } from './jobs.ts'

const folder = newFolder('foyer-jobs-')
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const open = async (name = 'contract') =>
  createEmbeddedDocuments({ file: join(folder, `${name}.db`), clock: Date })

jobsContract('the embedded store', () => open())

describeWithServices('MongoDB', () => {
  const database = mongoForTest()
  afterAll(() => database.drop())
  jobsContract('MongoDB', () => createMongoDocuments({ uri: database.uri }))
})

describe('a runner of jobs', () => {
  afterEach(() => {
    jest.useRealTimers()
  })

  /** Looks when its timer is moved, and has two jobs of which the first is under way until `finish`. */
  async function started() {
    const documents = await open('runner')
    const { promise, resolve: finish } = Promise.withResolvers<undefined>()
    let begun = 0
    const run = () => {
      begun += 1
      return promise
    }
    // Intervals only.
    jest.useFakeTimers({
      doNotFake: [
        'Date',
        'hrtime',
        'nextTick',
        'performance',
        'queueMicrotask',
        'setImmediate',
        'clearImmediate',
        'setTimeout',
        'clearTimeout',
      ],
    })
    const log = recordingLog()
    const jobs = createJobs({
      store: createJobStore(documents),
      kinds: { slow: { run } },
      clock: Date,
      log,
    })
    await jobs.add('slow', {})
    await jobs.add('slow', {})
    const stop = jobs.start()
    jest.advanceTimersByTime(5000)
    await eventually(async () => expect(begun).toBe(1))
    return { documents, stop, finish, log, begun: () => begun }
  }

  it('that is stopped waits for the job under way, and begins no other', async () => {
    const { documents, stop, finish, begun } = await started()
    let isStopped = false
    const stopping = stop(60_000).then(() => {
      isStopped = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(isStopped).toBe(false)
    finish(undefined)
    await stopping
    jest.advanceTimersByTime(60_000)
    expect(begun()).toBe(1)
    await documents.close()
  })

  it('begins what is added at once, while another is still under way', async () => {
    const documents = await open('at-once')
    const { promise: held, resolve: finish } = Promise.withResolvers<undefined>()
    const seen: unknown[] = []
    const run: JobKind['run'] = ({ n }) => {
      seen.push(n)
      return n === 1 ? held : Promise.resolve(undefined)
    }
    const jobs = createJobs({
      store: createJobStore(documents),
      kinds: { quick: { run, atOnce: 2 } },
      clock: Date,
      log: recordingLog(),
    })
    await jobs.add('quick', { n: 0 })
    const stop = jobs.start()
    expect(seen).toEqual([])
    await jobs.add('quick', { n: 1 })
    await eventually(async () => expect(seen.toSorted()).toEqual([0, 1]), 2000)
    await jobs.ensure('quick/2', 'quick', { payload: { n: 2 } })
    await eventually(async () => expect(seen).toContain(2), 2000)
    await stop(0) // the one under way does not hold it up
    await jobs.add('quick', { n: 3 })
    finish(undefined)
    await jobs.runDue()
    expect(seen).toHaveLength(3)
    await documents.close()
  })

  it('whose store is away says so and looks again', async () => {
    const { documents, stop, finish, log } = await started()
    await documents.close()
    finish(undefined)
    await eventually(async () => {
      jest.advanceTimersByTime(5000)
      expect(
        log.lines.filter((line) => line.includes('looking for due jobs failed')).length,
      ).toBeGreaterThan(1)
    })
    await stop(1000)
  })
})
