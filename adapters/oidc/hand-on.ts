// Handing a session on to one more browser: a cookie of its own, beside those that there are.

import type { Random } from '../../src/shared/secrets.ts'
import { type Session, sessionsCollection } from '../../src/stores/sessions.ts'
import { handedOnCookie, hashOf, nextPlace, pathOf } from './session-cookies.ts'
import { keyOf, live, type SessionModelParts } from './session-model.ts'
import { isLive } from './stored.ts'

/**
 * Gives a session one more cookie, for the browser that it is handed on to: those of the others stay good.
 * Returns it; `undefined` when the session is over, or not this account's.
 */
export function createHandOn(
  parts: Omit<SessionModelParts, 'formerCookies' | 'sessionRequest'> & { random: Random },
) {
  const { organisation, documents, clock, recent, random } = parts
  const sessions = documents.collection<Session>(sessionsCollection)
  return async (uid: string, account: string): Promise<string | undefined> => {
    const filter = { _id: uid, organisation }
    // Of two at once that choose one place, one gets it in each round, and the other looks again.
    for (;;) {
      const session = await sessions.findOne(filter)
      if (session?.account !== account || !isLive(session, clock)) return undefined
      const { place, taken } = nextPlace(session)
      const cookie = handedOnCookie({ uid, place }, random.token(COOKIE_BYTES))
      const now = clock.now()
      const use = { lastSeenAt: now, expiresAt: Math.min(session.endsAt, now + parts.sessionIdle) }
      const asRead = { ...filter, account, ...live, [pathOf(place)]: taken ?? { $exists: false } }
      let isDone = false
      await recent.keep(keyOf(filter), async () => {
        const changed = await sessions.updateOne(asRead, {
          $set: { ...use, [`handedOn.${place}`]: { cookie: hashOf(cookie), at: now } },
        })
        isDone = changed !== undefined
        return changed
      })
      if (isDone) return cookie
    }
  }
}

const COOKIE_BYTES = 32
