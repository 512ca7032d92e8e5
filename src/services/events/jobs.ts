// Running jobs: with leases, so that one process does each; with back-off; given up in the open.

import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../../shared/clock.ts'
import { MINUTE, SECOND } from '../../shared/clock.ts'
import { newId } from '../../shared/ids.ts'
import type { Log } from '../../shared/log.ts'
import { AlreadyExists } from '../../stores/errors.ts'
import type { Ending, Job, JobStore } from '../../stores/jobs.ts'
import { createJobPool } from './job-pool.ts'

export type JobResult = { again: number } | { notYet: number } | undefined

/** How one kind of job is done. Times are in milliseconds. */
export type JobKind = {
  /**
   * Throws to be tried again; `attempt` counts from one. May return when the same job is due again, or that
   * nothing was tried yet and when to come back.
   */
  run(payload: Job['payload'], attempt: number): Promise<JobResult>
  /** How long to wait after each failure; after one more the job is given up. Left out: ever longer, and never. */
  waits?: readonly number[]
  /** How many one process does at once; left out, one. */
  atOnce?: number
  /** What the log says of a job, besides its kind: ids, and nothing secret. */
  about?(payload: Job['payload']): object
  /** Longer than an attempt may take: afterwards another process takes it for dead. Left out: two minutes. */
  lease?: number
  /** How long a job that has ended stays as a log. Left out: only what was given up stays, for ever. */
  kept?: number
}

/** What a job of which there is one is about. */
export type NamedJob = { payload?: Job['payload']; organisation?: string }

export type Jobs = {
  /** Adds a job, due at `runAt` (milliseconds since 1970; now when left out). Kept when this returns. */
  add(kind: string, payload: Job['payload'], runAt?: number): Promise<void>
  /** Adds a job of which there is one, under its own name, due now; nothing happens when it is there. */
  ensure(name: string, kind: string, job?: NamedJob): Promise<void>
  /** Does every job that is due now; returns how many were begun. */
  runDue(): Promise<number>
  /**
   * Begins what is added here as soon as it is due, and looks every few seconds for what else is, until the
   * returned function is called. That one waits for what is under way, at most `limit` milliseconds: what
   * is not done by then is taken over by another process when its lease is over.
   */
  start(): (limit: number) => Promise<void>
}

const LEASE = 2 * MINUTE
const LOOK_EVERY = 5 * SECOND
const FIRST_RETRY = 10 * SECOND
const LONGEST_RETRY = 30 * MINUTE

export type JobsParts = {
  store: JobStore
  kinds: { readonly [kind: string]: JobKind }
  clock: Clock
  log: Log
}

export function createJobs(parts: JobsParts): Jobs {
  const { store, kinds, clock, log } = parts
  let isStarted = false
  let isOver = false
  const pools = new Map(
    Object.entries(kinds).map(([name, kind]) => [
      name,
      createJobPool({
        claim: async () =>
          isOver ? undefined : store.claim(name, clock.now(), kind.lease ?? LEASE),
        attempt: (job) => attempt(parts, kind, job),
        atOnce: kind.atOnce ?? 1,
        onError: (err) => log.warn({ err, kind: name }, 'looking for due jobs failed'),
      }),
    ]),
  )
  const look = (): void => {
    for (const pool of pools.values()) pool.look()
  }
  const idle = async (): Promise<void> => {
    await Promise.all([...pools.values()].map((pool) => pool.idle()))
  }
  const begun = (): number => [...pools.values()].reduce((sum, pool) => sum + pool.begun(), 0)

  async function insert(job: Job): Promise<void> {
    await store.insert(job)
    if (isStarted && job.runAt <= clock.now()) pools.get(job.kind)?.look()
  }

  return {
    add: (kind, payload, runAt = clock.now()) =>
      insert({ ...newJob(newId('job', clock), kind, clock.now()), payload, runAt }),

    async ensure(name, kind, job) {
      try {
        await insert({ ...newJob(name, kind, clock.now()), ...job })
      } catch (error) {
        if (!(error instanceof AlreadyExists)) throw error
      }
    },

    async runDue() {
      const before = begun()
      look()
      await idle()
      return begun() - before
    },

    start() {
      isStarted = true
      const timer = setInterval(look, LOOK_EVERY)
      timer.unref()
      return async (limit) => {
        isOver = true
        clearInterval(timer)
        await Promise.race([idle(), pause(limit, undefined, { ref: false })])
      }
    },
  }
}

function newJob(id: string, kind: string, now: number): Job {
  return {
    _id: id,
    kind,
    payload: {},
    state: 'waiting',
    runAt: now,
    leasedUntil: 0,
    attempts: 0,
    createdAt: now,
  }
}

/** One attempt at a claimed job, and what becomes of the job. Throws only when the store is away. */
async function attempt(parts: JobsParts, kind: JobKind, job: Job): Promise<void> {
  const { store, clock } = parts
  let result: JobResult
  try {
    result = await kind.run(job.payload, job.attempts)
  } catch (error) {
    return tryAgain(parts, kind, { job, error })
  }
  if (result && 'notYet' in result) await store.putBack(job, clock.now() + result.notYet)
  else if (result) await store.reschedule(job, { runAt: clock.now() + result.again, fresh: true })
  else await store.complete(job, kind.kept === undefined ? undefined : ending(kind, clock.now()))
}

async function tryAgain(
  { store, clock, log }: JobsParts,
  kind: JobKind,
  { job, error }: { job: Job; error: unknown },
): Promise<void> {
  const lastError = error instanceof Error ? error.message : String(error)
  const fields = {
    ...kind.about?.(job.payload),
    job: job._id,
    kind: job.kind,
    attempt: job.attempts,
    err: error,
  }
  log.warn(fields, 'a job failed')
  const wait = kind.waits ? kind.waits[job.attempts - 1] : backOff(job.attempts)
  if (wait !== undefined) await store.reschedule(job, { runAt: clock.now() + wait, lastError })
  else if (await store.bury(job, lastError, ending(kind, clock.now())))
    log.error(fields, 'a job was given up')
}

function ending({ kept }: JobKind, now: number): Ending {
  return { endedAt: now, ...(kept !== undefined && { expiresAt: now + kept }) }
}

/** Doubles from ten seconds up to half an hour. */
function backOff(attempts: number): number {
  return Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** (attempts - 1))
}
