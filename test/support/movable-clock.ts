// A clock for servers of the tests.

import type { Clock } from '../../src/shared/clock.ts'

/** A clock that runs with the machine's, and can be set forward. */
export type MovableClock = Clock & { forward(milliseconds: number): void }

export function movableClock(): MovableClock {
  let offset = 0
  return {
    now: () => Date.now() + offset,
    forward: (milliseconds) => {
      offset += milliseconds
    },
  }
}
