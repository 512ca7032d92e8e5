// Telling the applications of an ended session that it is over (OpenID Connect Back-Channel Logout 1.0).

import { type Clock, DAY, MINUTE, SECOND } from '../../../shared/clock.ts'
import type { Log } from '../../../shared/log.ts'
import type { Client } from '../../../stores/clients.ts'
import type { Job } from '../../../stores/jobs.ts'
import type { JobKind, Jobs } from '../../events/jobs.ts'
import { createTurns } from '../../events/turns.ts'

/** A session that is over, and who has to know. */
export type EndedSession = {
  organisation: string
  /** The session's own id: the `sid` of access tokens, of the session list and of the deny-list. */
  uid: string
  /** The account that was signed in: the `sub` of ID tokens. */
  account: string
  /**
   * The clients that signed in through the session. `sid` is the engine's own: it stands in ID tokens and
   * logout tokens, one for each client and session, and is never compared with `uid`.
   */
  clients: readonly { client: string; sid: string }[]
}

export type LogoutNotices = {
  /**
   * Puts down one notice for each client that registered an address for it. Resolves when the notices are
   * kept: they are delivered afterwards, by whichever process, whatever becomes of this one. Telling the
   * same session twice changes nothing. Throws `StoreUnavailable`; then the caller tells again.
   */
  tell(ended: EndedSession): Promise<void>
}

/** One application, one session: the payload of a job. */
export type LogoutNotice = {
  organisation: string
  account: string
  /** The session's `uid`. */
  session: string
  client: string
  sid: string
}

/** The kind of these jobs. */
export const LOGOUT = 'logout'

export function createLogoutNotices(parts: {
  ensureJob: Jobs['ensure']
  findClient(organisation: string, id: string): Promise<Client | undefined>
}): LogoutNotices {
  return {
    async tell({ organisation, uid, account, clients }) {
      const put = async ({ client, sid }: { client: string; sid: string }): Promise<void> => {
        const found = await parts.findClient(organisation, client)
        if (!found?.backChannelLogoutUri || found.disabledAt !== undefined) return
        const payload: LogoutNotice = { organisation, account, session: uid, client, sid }
        // One job for each `sid`: no session is told twice.
        await parts.ensureJob(`${LOGOUT}/${sid}`, LOGOUT, { organisation, payload })
      }
      await Promise.all(clients.map(put))
    },
  }
}

/**
 * After each of the first four failures: tried at once, after 1 minute, after 5, after 15 and after an hour.
 * Every answer but 200 and 204 is a failure: a 400 says that the logout failed, not that it never will work (2.8).
 */
const WAITS = [1 * MINUTE, 4 * MINUTE, 10 * MINUTE, 45 * MINUTE]
const AT_ONCE = 10
/** For one application: one that does not answer, with many sessions, does not hold up the others. */
const AT_ONCE_EACH = 4
/** Longer than the five seconds that an application has to answer. */
const LEASE = 20 * SECOND
/** How long an operator can read what became of it. */
const KEPT = 30 * DAY

/**
 * `send` throws when the application did not take it; else it resolves with the status of the answer, or with
 * `undefined` when there is nobody to tell any more.
 */
export function createLogoutJob(parts: {
  send(notice: LogoutNotice): Promise<number | undefined>
  clock: Clock
  log: Log
}): JobKind {
  const turns = createTurns({ clock: parts.clock, atOnce: AT_ONCE_EACH })
  return {
    waits: WAITS,
    atOnce: AT_ONCE,
    lease: LEASE,
    kept: KEPT,
    about: noticeOf,
    async run(payload, attempt) {
      const notice = noticeOf(payload)
      const turn = await turns.take(notice.client, () => parts.send(notice))
      if ('notYet' in turn) return turn
      const status = turn.result
      const message = status ? 'an application was told of a sign-out' : 'nobody to tell any more'
      parts.log.info({ ...notice, attempt, status }, message)
      return undefined
    },
  }
}

export function noticeOf(payload: Job['payload']): LogoutNotice {
  return payload as LogoutNotice // `tell` alone writes it
}
