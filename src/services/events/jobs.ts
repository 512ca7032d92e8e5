// Running jobs: with leases, so that one process does each; with back-off; given up in the open.

import type { Clock } from '../../shared/clock.ts'
import { MINUTE, SECOND } from '../../shared/clock.ts'
import { newId } from '../../shared/ids.ts'
import type { Log } from '../../shared/log.ts'
import { AlreadyExists } from '../../stores/errors.ts'
import type { Job, JobStore } from '../../stores/jobs.ts'

/** How one kind of job is done. */
export type JobKind = {
  /** Throws to be tried again. May return when the same job is due again, in milliseconds from now. */
  run(payload: Job['payload']): Promise<{ again: number } | undefined>
  /** After this many attempts the job is given up; left out, never. */
  attempts?: number
}

export type Jobs = {
  /** Adds a job, due at `runAt` (milliseconds since 1970; now when left out). Kept when this returns. */
  add(kind: string, payload: Job['payload'], runAt?: number): Promise<void>
  /** Adds a job of which there is one, under its own name; nothing happens when it is there. */
  ensure(name: string, kind: string): Promise<void>
  /** Does every job that is due now, one after another; returns how many were begun. */
  runDue(): Promise<number>
  /** Looks for due jobs every few seconds until the returned function is called; that one waits for the running job. */
  start(): () => Promise<void>
}

/** Longer than any job may take: afterwards another process takes it for dead. */
const LEASE = 2 * MINUTE
const LOOK_EVERY = 5 * SECOND
const FIRST_RETRY = 10 * SECOND
const LONGEST_RETRY = 30 * MINUTE

export function createJobs(parts: {
  store: JobStore
  kinds: { readonly [kind: string]: JobKind }
  clock: Clock
  log: Log
}): Jobs {
  const { store, kinds, clock, log } = parts

  const jobOf = (id: string, kind: string, payload: Job['payload'], runAt: number): Job => ({
    _id: id,
    kind,
    payload,
    state: 'waiting',
    runAt,
    leasedUntil: 0,
    attempts: 0,
    createdAt: clock.now(),
  })

  async function attempt(job: Job): Promise<void> {
    const kind = kinds[job.kind]
    if (!kind) return // claimed by kind: it is one of ours
    try {
      const result = await kind.run(job.payload)
      if (result) await store.reschedule(job, { runAt: clock.now() + result.again, fresh: true })
      else await store.complete(job)
    } catch (error) {
      const lastError = error instanceof Error ? error.message : String(error)
      log.warn({ err: error, job: job._id, kind: job.kind, attempt: job.attempts }, 'a job failed')
      if (job.attempts >= (kind.attempts ?? Number.POSITIVE_INFINITY))
        await store.bury(job, lastError)
      else await store.reschedule(job, { runAt: clock.now() + backOff(job.attempts), lastError })
    }
  }

  async function runWhile(goesOn: () => boolean): Promise<number> {
    let begun = 0
    while (goesOn()) {
      const job = await store.claim(Object.keys(kinds), clock.now(), LEASE)
      if (!job) break
      begun += 1
      await attempt(job)
    }
    return begun
  }

  return {
    add: (kind, payload, runAt = clock.now()) =>
      store.insert(jobOf(newId('job', clock), kind, payload, runAt)),

    async ensure(name, kind) {
      try {
        await store.insert(jobOf(name, kind, {}, clock.now()))
      } catch (error) {
        if (!(error instanceof AlreadyExists)) throw error
      }
    },

    runDue: () => runWhile(() => true),

    start() {
      let isOver = false
      let running: Promise<unknown> = Promise.resolve()
      const look = (): void => {
        running = running
          .then(() => runWhile(() => !isOver))
          .catch((error) => {
            log.warn({ err: error }, 'looking for due jobs failed')
          })
      }
      const timer = setInterval(look, LOOK_EVERY)
      timer.unref()
      return async () => {
        isOver = true
        clearInterval(timer)
        await running
      }
    },
  }
}

/** Doubles from ten seconds up to half an hour. */
function backOff(attempts: number): number {
  return Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** (attempts - 1))
}
