// Changing what was read: made on the condition that nobody changed it meanwhile, and what two who collide hear.

import { AppError } from './errors.ts'

/** Of ten who change the same thing at once, each loses to nine others at the most. */
const TRIES = 10

/**
 * Runs `attempt`, which reads, judges and writes on what it read, and is `undefined` when somebody else was
 * faster. Who named a version (RFC 9110, 13.1.1) has seen what was there before: `precondition_failed`. Who named
 * none wants it on whatever is there: `attempt` begins again, and they hear `conflict` when that never ends.
 */
export async function changeAsRead<T>(
  version: number | undefined,
  attempt: () => Promise<T | undefined>,
): Promise<T> {
  const most = version === undefined ? TRIES : 1
  for (let tries = 0; tries < most; tries += 1) {
    const done = await attempt()
    if (done !== undefined) return done
  }
  throw new AppError(version === undefined ? 'conflict' : 'precondition_failed')
}

/** Throws `precondition_failed` when a version was named and is not the one that is there. */
export function requireVersion(named: number | undefined, found: number): void {
  if (named !== undefined && named !== found) throw new AppError('precondition_failed')
}
