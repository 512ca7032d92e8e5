// What became of the notices that sessions are over: for an operator to read, and to send one again.

import type { Clock } from '../../../shared/clock.ts'
import type { Job, JobStore } from '../../../stores/jobs.ts'
import { LOGOUT, noticeOf } from './logout-notices.ts'

/** One application, one session. Times are milliseconds since 1970. */
export type LogoutDelivery = {
  /** `logout/` and the `sid` of the application's ID tokens. */
  id: string
  client: string
  account: string
  session: string
  state: 'waiting' | 'delivered' | 'given-up'
  /** How often it was tried. */
  attempts: number
  createdAt: number
  /** While it waits: when it is tried next. */
  nextAt?: number
  endedAt?: number
  /** Of the last attempt that failed. */
  error?: string
}

export type LogoutLog = {
  /** The newest first. Each is kept for 30 days after it ended. */
  list(organisation: string, limit: number): Promise<LogoutDelivery[]>
  /** Sends it once more, and as often as a new one; `false` when there is none. */
  resend(organisation: string, id: string): Promise<boolean>
}

const states = { waiting: 'waiting', done: 'delivered', dead: 'given-up' } as const

export function createLogoutLog({ store, clock }: { store: JobStore; clock: Clock }): LogoutLog {
  return {
    async list(organisation, limit) {
      return (await store.list(organisation, LOGOUT, limit)).map(deliveryOf)
    },
    async resend(organisation, id) {
      const job = await store.revive({ organisation, kind: LOGOUT, id }, clock.now())
      return job !== undefined
    },
  }
}

function deliveryOf(job: Job): LogoutDelivery {
  const { client, account, session } = noticeOf(job.payload)
  return {
    id: job._id,
    client,
    account,
    session,
    state: states[job.state],
    attempts: job.attempts,
    createdAt: job.createdAt,
    ...(job.state === 'waiting' && { nextAt: Math.max(job.runAt, job.leasedUntil) }),
    ...(job.endedAt !== undefined && { endedAt: job.endedAt }),
    ...(job.lastError !== undefined && { error: job.lastError }),
  }
}
