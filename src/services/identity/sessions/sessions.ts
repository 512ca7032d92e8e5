// Sessions of an account: listing them, and ending them in the one way in which a session ends.

import { MINUTE } from '../../../shared/clock.ts'
import { createCursors } from '../../../shared/cursors.ts'
import { type Page, type PageRequest, pageBy } from '../../../shared/pages.ts'
import type { Keyring } from '../../../shared/secrets.ts'
import type { Account, AccountStore } from '../../../stores/accounts.ts'
import type { Session, SessionStore } from '../../../stores/sessions.ts'
import type { By } from '../../audit/audit.ts'
import {
  BATCH,
  createSessionEnding,
  type Ending,
  type SessionEndingParts,
} from './session-ending.ts'

/** Whose sessions. */
export type AccountRef = { organisation: string; account: string }

/** A session as its owner sees it; times are milliseconds since 1970. */
export type ListedSession = {
  id: string
  browser?: string
  system?: string
  firstSeenAt: number
  lastSeenAt: number
  /** The one that asks. */
  isCurrent: boolean
}

/** Everything ended is kept before these return. Each throws `StoreUnavailable`; then it can be done again. */
export type Sessions = {
  /**
   * The account's sessions, the one that began last first. `current` is the caller's own, if it has one. Throws
   * `bad_request` for a cursor that is not one of ours, or of another account.
   */
  list(
    ref: AccountRef,
    page: PageRequest & { current?: string | undefined },
  ): Promise<Page<ListedSession>>
  /** Ends one session; `false` when the account has none of this id. By its owner, unless somebody else is named. */
  end(ref: AccountRef, id: string, by?: By): Promise<boolean>
  /**
   * Ends the session that a token comes from, as its owner, and returns how many that were; where it is over
   * already, or the token never had one, what is left of it: the token's grant.
   */
  signOut(ref: AccountRef, from: { sid?: string; grantId?: string }): Promise<number>
  /** Ends every session but `current`; returns how many. */
  endOthers(ref: AccountRef, current: string | undefined): Promise<number>
  /**
   * Ends every session and every grant of the account, also those that outlive sessions; returns how many
   * sessions. By its owner, unless somebody else is named.
   */
  endAll(ref: AccountRef, by?: By): Promise<number>
  /** The session was signed out in its own browser. */
  signedOut(organisation: string, id: string): Promise<void>
  /**
   * Before one more session begins, which the account has noted: ends those unused for longest, so that it
   * has at most `most`. They are counted only where what the account has noted may be more.
   */
  makeRoom(account: Account, most: number): Promise<void>
  /** Ends some sessions that have expired, and removes what is left of those that ended; `false` when there may be more. */
  endExpired(): Promise<boolean>
}

export type SessionsParts = SessionEndingParts & {
  store: SessionStore
  accounts: Pick<AccountStore, 'noteSessions'>
  /** Ends grants of the engine, for good. */
  grants: SessionEndingParts['grants'] & {
    endAll(organisation: string, account: string): Promise<void>
  }
  keyring: Keyring
}

const SYSTEM: By = { actor: 'system' }
/** Longer than a request may take that has read a session before it expired, or ended. */
const GRACE = MINUTE
const REMAINS = 10 * MINUTE

export function createSessions(parts: SessionsParts): Sessions {
  const { store, clock } = parts
  const { end, endEach } = createSessionEnding(parts)
  const cursors = createCursors(parts.keyring)
  const listOf = ({ organisation, account }: AccountRef) => ({
    list: 'sessions',
    organisation,
    owner: account,
  })

  async function endOne(
    { organisation, account }: AccountRef,
    id: string,
    by: By = { actor: account },
  ): Promise<boolean> {
    const session = await store.find(organisation, id)
    if (session?.account !== account || session.expiresAt <= clock.now()) return false
    return end(session, { why: 'signed-out', by })
  }

  /** All of the account but one. They are read anew in every round: those that ended are found no more. */
  async function endAllBut(
    { organisation, account }: AccountRef,
    keep: string | undefined,
    how: Ending,
  ): Promise<number> {
    let ended = 0
    for (;;) {
      const found = await store.leastRecent(organisation, account, BATCH + 1)
      const others = found.filter(({ _id }) => _id !== keep)
      if (others.length === 0) return ended
      ended += await endEach(others, how)
    }
  }

  return {
    async list(ref, { limit, cursor, current }) {
      const { items, ...page } = await pageBy(
        { cursors, list: listOf(ref), limit, cursor },
        ({ firstSeenAt, _id }: Session) => ({ at: firstSeenAt, id: _id }),
        (place) => store.list({ ...ref, now: clock.now(), ...place }),
      )
      return { ...page, items: items.map((session) => listed(session, current)) }
    },

    end: endOne,

    async signOut(ref, { sid, grantId }) {
      if (sid !== undefined && (await endOne(ref, sid))) return 1
      if (grantId !== undefined) await parts.grants.end(ref.organisation, grantId)
      return 0
    },

    endOthers: (ref, current) =>
      endAllBut(ref, current, { why: 'signed-out', by: { actor: ref.account } }),

    async endAll(ref, by = { actor: ref.account }) {
      const ended = await endAllBut(ref, undefined, { why: 'signed-out', by })
      await parts.grants.endAll(ref.organisation, ref.account)
      return ended
    },

    async signedOut(organisation, id) {
      const session = await store.find(organisation, id)
      if (session)
        await end(session, { why: 'signed-out', by: { actor: session.account ?? 'system' } })
    },

    async makeRoom(account, most) {
      const { _id, organisation, sessionsAtMost: seen = 1 } = account
      // The first that is noted may be the first that an older program's account has noted.
      if (seen > 1 && seen <= most) return
      const others = await store.count(organisation, _id)
      const surplus = Math.max(0, others - most + 1)
      if (surplus > 0) {
        const oldest = await store.leastRecent(organisation, _id, surplus)
        await endEach(oldest, { why: 'signed-out', by: SYSTEM })
      }
      const counted = others - surplus + 1
      if (counted !== seen) await parts.accounts.noteSessions(account, { seen, counted })
    },

    async endExpired() {
      const now = clock.now()
      const expired = await store.expired(now - GRACE, BATCH)
      await endEach(expired, { why: 'expired', by: SYSTEM })
      await store.removeEnded(now - REMAINS)
      return expired.length < BATCH
    },
  }
}

function listed(session: Session, current: string | undefined): ListedSession {
  const { _id, browser, system, firstSeenAt, lastSeenAt } = session
  return {
    id: _id,
    ...(browser && { browser }),
    ...(system && { system }),
    firstSeenAt,
    lastSeenAt,
    isCurrent: _id === current,
  }
}
