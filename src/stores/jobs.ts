// Jobs: work that must happen later, or again, and survives a restart.

import type { CollectionSpec, Documents, Json } from './documents.ts'

export type Job = {
  /** `job_…`, or a fixed name for work of which there is one. */
  _id: string
  kind: string
  /** Whose work it is, for whoever lists it; left out for the house's own. */
  organisation?: string
  payload: { [key: string]: Json | undefined }
  /** `done` only for kinds whose jobs are kept as a log; others are gone when they are done. */
  state: 'waiting' | 'done' | 'dead'
  /** Not before this. */
  runAt: number
  /** While this lies in the future somebody is at it; afterwards anybody may try again. */
  leasedUntil: number
  /** How often it was begun. */
  attempts: number
  /** For the log and for whoever looks after dead jobs. */
  lastError?: string
  createdAt: number
  /** When it was done, or given up. */
  endedAt?: number
  /** When an ended job that is kept as a log is removed. */
  expiresAt?: number
}

export const jobsCollection: CollectionSpec = {
  name: 'jobs',
  indexes: [
    {
      name: 'due',
      keys: [
        ['kind', 1],
        ['state', 1],
        ['runAt', 1],
      ],
    },
    {
      name: 'log',
      keys: [
        ['organisation', 1],
        ['kind', 1],
        ['createdAt', -1],
      ],
      sparse: true,
    },
    { name: 'organisation', keys: [['organisation', 1]], sparse: true },
  ],
  expiresAt: 'expiresAt',
}

/** How an ended job is kept: since when, and until when; `undefined`, for ever. */
export type Ending = { endedAt: number; expiresAt?: number }

export type JobStore = ReturnType<typeof createJobStore>

export function createJobStore(documents: Documents) {
  const collection = documents.collection<Job>(jobsCollection)
  /** The lease of one attempt: a worker that lost its lease can change nothing any more. */
  const held = (job: Job) => ({
    _id: job._id,
    attempts: job.attempts,
    leasedUntil: job.leasedUntil,
  })
  return {
    /** Throws `AlreadyExists` (`_id`) when the job is there. */
    insert: (job: Job): Promise<void> => collection.insert(job),

    /** Takes one due job of the kind for `lease` milliseconds, or `undefined`. Atomic: nobody else gets it. */
    claim: (kind: string, now: number, lease: number): Promise<Job | undefined> =>
      collection.updateOne(
        {
          state: 'waiting',
          kind,
          runAt: { $lte: now },
          leasedUntil: { $lte: now },
        },
        { $set: { leasedUntil: now + lease }, $inc: { attempts: 1 } },
      ),

    /** Done: the job is removed, or kept as a log. `false` when the lease was lost meanwhile. */
    async complete(job: Job, kept?: Ending): Promise<boolean> {
      if (!kept) return (await collection.deleteMany(held(job))) === 1
      const done = await collection.updateOne(held(job), {
        $set: { state: 'done', ...kept },
        $unset: { lastError: true },
      })
      return done !== undefined
    },

    /** As if it had not been begun, and due at `runAt`. `false` when the lease was lost. */
    async putBack(job: Job, runAt: number): Promise<boolean> {
      const change = { $set: { runAt, leasedUntil: 0 }, $inc: { attempts: -1 } }
      return (await collection.updateOne(held(job), change)) !== undefined
    },

    /** Due again at `runAt`, with its attempts counted anew when `fresh`. `false` when the lease was lost. */
    async reschedule(
      job: Job,
      change: { runAt: number; fresh?: boolean; lastError?: string },
    ): Promise<boolean> {
      const { runAt, fresh, lastError } = change
      const updated = await collection.updateOne(held(job), {
        $set: {
          runAt,
          leasedUntil: 0,
          ...(fresh && { attempts: 0 }),
          ...(lastError && { lastError }),
        },
      })
      return updated !== undefined
    },

    /** Gives up: the job stays, for somebody to look at. `false` when the lease was lost. */
    async bury(job: Job, lastError: string, ending: Ending): Promise<boolean> {
      const buried = await collection.updateOne(held(job), {
        $set: { state: 'dead', lastError, ...ending },
      })
      return buried !== undefined
    },

    /** Due at once, with its attempts counted anew, whatever became of it. `undefined` when there is none. */
    revive: (
      { organisation, kind, id }: { organisation: string; kind: string; id: string },
      now: number,
    ): Promise<Job | undefined> =>
      collection.updateOne(
        { _id: id, organisation, kind },
        {
          $set: { state: 'waiting', runAt: now, leasedUntil: 0, attempts: 0 },
          $unset: { endedAt: true, expiresAt: true, lastError: true },
        },
      ),

    /** An organisation's jobs of one kind, the newest first. */
    list: (organisation: string, kind: string, limit: number): Promise<Job[]> =>
      // The index is sparse: a query has to name all its keys.
      collection.find(
        { organisation, kind, createdAt: { $gte: 0 } },
        { sort: [['createdAt', -1]], limit },
      ),
  }
}
