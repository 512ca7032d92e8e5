// Removing sessions that have ended by time: nothing else removes them.

import type { Documents } from '../../src/stores/documents.ts'
import { documentModels } from './placement.ts'

/** Removes every session that expired before `now` (milliseconds since 1970); returns how many. */
export function removeExpiredSessions(documents: Documents, now: number): Promise<number> {
  return documents.collection(documentModels.Session).deleteMany({ expiresAt: { $lt: now } })
}
