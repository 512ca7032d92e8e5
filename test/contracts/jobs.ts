// What the job store and the runner of jobs promise, as cases that run on every document store.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createJobs, type JobKind, type Jobs } from '../../src/services/events/jobs.ts'
import { HOUR, MINUTE, SECOND } from '../../src/shared/clock.ts'
import type { Documents } from '../../src/stores/documents.ts'
import { createJobStore, type Job, jobsCollection } from '../../src/stores/jobs.ts'
import { eventually } from '../support/eventually.ts'
import { recordingLog } from '../support/recording-log.ts'

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

/** `open` is called twice: for one process and for another beside it. */
export function jobsContract(name: string, open: () => Promise<Documents>): void {
  describe(`jobs on ${name}`, () => {
    let here: Documents
    let there: Documents
    /** Of one case alone. */
    let kind: string
    let now = 1_000_000_000_000
    const clock = { now: () => now }
    const log = recordingLog()

    beforeAll(async () => {
      here = await open()
      there = await open()
      await here.prepare([jobsCollection])
      await there.prepare([jobsCollection])
    })
    beforeEach(() => {
      kind = `kind-${randomUUID()}`
    })
    afterAll(() => Promise.all([here.close(), there.close()]))

    const worker = (
      documents: Documents,
      run: JobKind['run'],
      options: Partial<JobKind> = {},
    ): Jobs =>
      createJobs({
        store: createJobStore(documents),
        kinds: { [kind]: { run, ...options } },
        clock,
        log,
      })
    const stored = (): Promise<Job[]> =>
      here.collection<Job>(jobsCollection).find({ kind }, { sort: [['_id', 1]], limit: 100 })

    it('are done once, with their payload, and then gone', async () => {
      const seen: Job['payload'][] = []
      const jobs = worker(here, async (payload) => void seen.push(payload))
      await jobs.add(kind, { n: 1 })
      expect(await jobs.runDue()).toBe(1)
      expect(await jobs.runDue()).toBe(0)
      expect(seen).toEqual([{ n: 1 }])
      expect(await stored()).toEqual([])
    })

    it('wait until they are due', async () => {
      const jobs = worker(here, async () => undefined)
      await jobs.add(kind, {}, now + MINUTE)
      expect(await jobs.runDue()).toBe(0)
      now += MINUTE
      expect(await jobs.runDue()).toBe(1)
    })

    it('of a kind that nobody here knows are left to others', async () => {
      await worker(here, async () => undefined).add(kind, {})
      const known = kind
      kind = `${kind}-other`
      expect(await worker(here, async () => undefined).runDue()).toBe(0)
      kind = known
      expect(await stored()).toMatchObject([{ attempts: 0 }])
    })

    it('are each done by one of several workers in two processes', async () => {
      const done: string[] = []
      const run: JobKind['run'] = async (payload) => void done.push(String(payload.id))
      await Promise.all(times(30, (id) => worker(here, run).add(kind, { id: String(id) })))
      const begun = await Promise.all(
        times(6, (index) => worker(index % 2 ? here : there, run).runDue()),
      )
      expect(begun.reduce((sum, each) => sum + each, 0)).toBe(30)
      expect(done.sort()).toEqual(times(30, String).sort())
    })

    it('that a worker never ends are taken over when its lease is over, and its late word counts no more', async () => {
      const { promise: held, reject } = Promise.withResolvers<undefined>()
      const { promise: begun, resolve } = Promise.withResolvers<void>()
      const slow = worker(here, () => {
        resolve()
        return held
      })
      await slow.add(kind, {})
      const running = slow.runDue()
      await begun
      let taken = 0
      const other = worker(there, async () => {
        taken += 1
        return { again: HOUR }
      })
      expect(await other.runDue()).toBe(0)
      now += 2 * MINUTE
      expect(await other.runDue()).toBe(1)
      const after = await stored()
      reject(new Error('too late'))
      await running
      expect(await stored()).toEqual(after)
      expect(taken).toBe(1)
    })

    it('that fail are tried again, later each time, up to half an hour', async () => {
      const jobs = worker(here, async () => {
        throw new Error('no answer')
      })
      await jobs.add(kind, {})
      const waits: number[] = []
      for (let attempt = 1; attempt <= 10; attempt += 1) {
        expect(await jobs.runDue()).toBe(1)
        const [job] = await stored()
        expect(job).toMatchObject({ state: 'waiting', attempts: attempt, lastError: 'no answer' })
        waits.push(((job?.runAt ?? 0) - now) / SECOND)
        now = (job?.runAt ?? 0) - 1
        expect(await jobs.runDue()).toBe(0)
        now += 1
      }
      expect(waits).toEqual([10, 20, 40, 80, 160, 320, 640, 1280, 1800, 1800])
    })

    it('whose waits run out are given up, and stay for somebody to look at', async () => {
      const seen: number[] = []
      const run: JobKind['run'] = async (_payload, attempt) => {
        seen.push(attempt)
        throw new Error('never works')
      }
      const waits = [MINUTE, HOUR]
      const jobs = worker(here, run, { waits })
      await jobs.add(kind, { for: 'somebody' })
      for (const wait of waits) {
        expect(await jobs.runDue()).toBe(1)
        now += wait - 1
        expect(await jobs.runDue()).toBe(0)
        now += 1
      }
      expect(await jobs.runDue()).toBe(1)
      now += 24 * HOUR
      expect(await jobs.runDue()).toBe(0)
      expect(seen).toEqual([1, 2, 3])
      const [dead] = await stored()
      expect(dead).toMatchObject({
        state: 'dead',
        attempts: 3,
        lastError: 'never works',
        payload: { for: 'somebody' },
        endedAt: now - 24 * HOUR,
      })
      expect(dead).not.toHaveProperty('expiresAt')
      expect(log.lines.join('\n')).toContain('a job was given up')
    })

    it('that are kept as a log stay for their time, done or given up, and can be done again', async () => {
      let works = true
      const run: JobKind['run'] = async () => {
        if (!works) throw new Error('refused')
        return undefined
      }
      const jobs = worker(here, run, { waits: [], kept: HOUR })
      await jobs.ensure(`${kind}/1`, kind, { organisation: 'org_1', payload: { n: 1 } })
      await jobs.runDue()
      const ended = { endedAt: now, expiresAt: now + HOUR }
      expect(await stored()).toMatchObject([{ state: 'done', payload: { n: 1 }, ...ended }])
      await jobs.ensure(`${kind}/1`, kind, { organisation: 'org_1' })
      expect(await jobs.runDue()).toBe(0)

      const store = createJobStore(here)
      works = false
      now += 1
      expect(
        await store.revive({ organisation: 'org_2', kind, id: `${kind}/1` }, now),
      ).toBeUndefined()
      const revived = await store.revive({ organisation: 'org_1', kind, id: `${kind}/1` }, now)
      expect(revived).toMatchObject({ state: 'waiting', attempts: 0 })
      for (const gone of ['endedAt', 'expiresAt']) expect(revived).not.toHaveProperty(gone)
      expect(await jobs.runDue()).toBe(1)
      expect(await store.list('org_1', kind, 10)).toMatchObject([
        { state: 'dead', lastError: 'refused', endedAt: now, expiresAt: now + HOUR },
      ])
      expect(await store.list('org_2', kind, 10)).toEqual([])
    })

    it('run at once as many as their kind allows, and the next as soon as one ends', async () => {
      const under: (() => void)[] = []
      let most = 0
      const run: JobKind['run'] = () =>
        new Promise((resolve) => {
          under.push(() => resolve(undefined))
          most = Math.max(most, under.length)
        })
      const jobs = worker(here, run, { atOnce: 3 })
      await Promise.all(times(7, () => jobs.add(kind, {})))
      const running = jobs.runDue()
      for (const left of [3, 3, 3, 3, 3, 2, 1]) {
        await eventually(async () => expect(under).toHaveLength(left))
        under.shift()?.()
      }
      expect(await running).toBe(7)
      expect(most).toBe(3)
      expect(await stored()).toEqual([])
    })

    it('of a kind with a short lease are taken over sooner', async () => {
      const { promise: held, resolve: finish } = Promise.withResolvers<undefined>()
      const slow = worker(here, () => held, { lease: 20 * SECOND })
      await slow.add(kind, {})
      const running = slow.runDue()
      await eventually(async () => expect(await stored()).toMatchObject([{ attempts: 1 }]))
      const other = worker(there, async () => undefined)
      now += 20 * SECOND - 1
      expect(await other.runDue()).toBe(0)
      now += 1
      expect(await other.runDue()).toBe(1)
      finish(undefined)
      await running
    })

    it('that come again begin to count anew', async () => {
      let works = false
      const jobs = worker(here, async () => {
        if (!works) throw new Error('not yet')
        return { again: HOUR }
      })
      await jobs.ensure(kind, kind)
      await jobs.runDue()
      works = true
      now += MINUTE
      expect(await jobs.runDue()).toBe(1)
      expect(await stored()).toMatchObject([{ attempts: 0, runAt: now + HOUR, state: 'waiting' }])
    })

    it('for which it is too early come back later, and that was no attempt', async () => {
      const seen: number[] = []
      const jobs = worker(here, async (_payload, attempt) => {
        seen.push(attempt)
        return seen.length < 3 ? { notYet: SECOND } : undefined
      })
      await jobs.add(kind, {})
      await jobs.runDue()
      expect(await stored()).toMatchObject([{ attempts: 0, runAt: now + SECOND, leasedUntil: 0 }])
      for (let second = 1; second <= 2; second += 1) {
        expect(await jobs.runDue()).toBe(0)
        now += SECOND
        expect(await jobs.runDue()).toBe(1)
      }
      expect(seen).toEqual([1, 1, 1])
      expect(await stored()).toEqual([])
    })

    it('of which there is one are made once by however many ask, and keep their time', async () => {
      const jobs = times(20, (index) => worker(index % 2 ? here : there, async () => undefined))
      await Promise.all(jobs.map((each) => each.ensure(kind, kind)))
      const [first, ...others] = await stored()
      expect(others).toEqual([])
      now += HOUR
      await jobs[0]?.ensure(kind, kind)
      expect(await stored()).toEqual([first])
    })
  })
}
