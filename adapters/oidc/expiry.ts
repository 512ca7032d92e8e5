// Removing sessions that have ended by time: nothing else removes them.

import { MINUTE } from '../../src/shared/clock.ts'
import type { Documents } from '../../src/stores/documents.ts'
import { documentModels } from './placement.ts'

/** Longer than a request may run: until then the mark of an ended session keeps it from coming back. */
const GRACE = 10 * MINUTE

/** Removes every session that expired some minutes before `now` (milliseconds since 1970); returns how many. */
export function removeExpiredSessions(documents: Documents, now: number): Promise<number> {
  const sessions = documents.collection(documentModels.Session)
  return sessions.deleteMany({ expiresAt: { $lt: now - GRACE } })
}
