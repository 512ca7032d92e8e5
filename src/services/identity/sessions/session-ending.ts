// Ending a session, in the one way in which a session ends: whatever it gave away first, its row last.

import type { Clock } from '../../../shared/clock.ts'
import type { Client } from '../../../stores/clients.ts'
import type { Session, SessionClient, SessionStore } from '../../../stores/sessions.ts'
import type { By } from '../../audit/audit.ts'
import type { Denials } from './denials.ts'
import type { LogoutNotices } from './logout-notices.ts'

/**
 * Why a session ends, which decides what ends with it. `signed-out`: what it gave to first-party clients,
 * and to others without `offline_access`. `expired`: what was given without `offline_access`. Its access
 * tokens are denied in either case.
 */
type SessionEnd = 'signed-out' | 'expired'

export type Ending = { why: SessionEnd; by: By }

export type SessionEndingParts = {
  store: Pick<SessionStore, 'find' | 'end'>
  /** Ends grants of the engine, for good. */
  grants: { end(organisation: string, id: string): Promise<void> }
  /** Makes every process forget what it remembers of sessions. */
  forget(): Promise<void>
  findClient(organisation: string, id: string): Promise<Client | undefined>
  denials: Pick<Denials, 'deny'>
  notices: LogoutNotices
  audit(
    entry: By & { organisation: string; action: 'session.ended'; target: string },
  ): Promise<void>
  clock: Clock
}

export type SessionEnding = {
  /** `false` when somebody else ended it at the same time. */
  end(session: Session, how: Ending): Promise<boolean>
  /** Several; returns how many were ended here. */
  endEach(sessions: readonly Session[], how: Ending): Promise<number>
}

/** How many are ended at once: a person rarely has more. */
export const BATCH = 20

export function createSessionEnding(parts: SessionEndingParts): SessionEnding {
  const { store, denials, clock } = parts

  /** Whether what the client was given lives on. */
  async function outlives(session: Session, id: string, why: SessionEnd): Promise<boolean> {
    const { offline } = session.clients?.[id] ?? {}
    if (!offline) return false
    const client = await parts.findClient(session.organisation, id)
    if (why === 'expired') return client !== undefined
    return client !== undefined && !client.firstParty
  }

  async function endGrants(session: Session, why: SessionEnd): Promise<void> {
    const { organisation, clients = {} } = session
    for (const [client, { grant }] of Object.entries(clients))
      if (grant && !(await outlives(session, client, why)))
        await parts.grants.end(organisation, grant)
  }

  /**
   * The session's row goes last: should anything before it fail, whoever tries again finds the session, and
   * does all of it once more. It goes only as it was read: an application that signed in meanwhile is told
   * and ended, too.
   */
  async function end(read: Session, how: Ending): Promise<boolean> {
    const { organisation, _id } = read
    for (let session: Session | undefined = read; session; ) {
      if (session.account !== undefined) await endOutside(session, session.account, how.why)
      if (await store.end(session, clock.now())) {
        await parts.forget()
        if (session.account !== undefined)
          await parts.audit({ organisation, action: 'session.ended', ...how.by, target: _id })
        return true
      }
      session = await store.find(organisation, _id)
    }
    return false // by somebody else, at the same time
  }

  /** Whatever the session gave away. */
  async function endOutside(session: Session, account: string, why: SessionEnd): Promise<void> {
    const { organisation, _id: uid } = session
    await denials.deny(organisation, 'session', uid)
    await parts.notices.tell({ organisation, uid, account, clients: toldClients(session) })
    await endGrants(session, why)
  }

  async function endEach(sessions: readonly Session[], how: Ending): Promise<number> {
    let ended = 0
    for (let at = 0; at < sessions.length; at += BATCH) {
      const batch = sessions.slice(at, at + BATCH)
      const done = await Promise.all(batch.map((session) => end(session, how)))
      ended += done.filter(Boolean).length
    }
    return ended
  }

  return { end, endEach }
}

/** Every client that the session signed in to is told, those that keep their tokens too. */
function toldClients({ clients = {} }: Session): { client: string; sid: string }[] {
  const entries: [string, SessionClient][] = Object.entries(clients)
  return entries.flatMap(([client, { sid }]) => (sid ? [{ client, sid }] : []))
}
