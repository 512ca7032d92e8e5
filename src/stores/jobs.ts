// Jobs: work that must happen later, or again, and survives a restart.

import type { CollectionSpec, Documents, Json } from './documents.ts'

export type Job = {
  /** `job_…`, or a fixed name for work of which there is one. */
  _id: string
  kind: string
  payload: { [key: string]: Json | undefined }
  state: 'waiting' | 'dead'
  /** Not before this. */
  runAt: number
  /** While this lies in the future somebody is at it; afterwards anybody may try again. */
  leasedUntil: number
  /** How often it was begun. */
  attempts: number
  /** For the log and for whoever looks after dead jobs. */
  lastError?: string
  createdAt: number
}

export const jobsCollection: CollectionSpec = {
  name: 'jobs',
  indexes: [
    {
      name: 'due',
      keys: [
        ['state', 1],
        ['runAt', 1],
      ],
    },
  ],
}

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

    /** Takes one due job of these kinds for `lease` milliseconds, or `undefined`. Atomic: nobody else gets it. */
    claim: (kinds: readonly string[], now: number, lease: number): Promise<Job | undefined> =>
      collection.updateOne(
        {
          state: 'waiting',
          kind: { $in: kinds },
          runAt: { $lte: now },
          leasedUntil: { $lte: now },
        },
        { $set: { leasedUntil: now + lease }, $inc: { attempts: 1 } },
      ),

    /** Done: the job is removed. `false` when the lease was lost meanwhile. */
    async complete(job: Job): Promise<boolean> {
      return (await collection.deleteMany(held(job))) === 1
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
    async bury(job: Job, lastError: string): Promise<boolean> {
      return (
        (await collection.updateOne(held(job), { $set: { state: 'dead', lastError } })) !==
        undefined
      )
    },
  }
}
