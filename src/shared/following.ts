// Following what other processes write, by the time that they date it with.

import { type Clock, MINUTE } from './clock.ts'

/** Their clocks may be five minutes behind this one, and what they date is written a while later. */
const BEHIND = 6 * MINUTE

/**
 * A look at what was dated since the last look that did not fail, or since `from`, and for some time before:
 * what was seen is seen again. `read` is given the instant to begin at. All in milliseconds since 1970.
 */
export function following<T>(
  { clock, from }: { clock: Clock; from: number },
  read: (since: number) => Promise<T>,
): () => Promise<T> {
  let seenUntil = from
  return async () => {
    const began = clock.now()
    // A clock that was ahead and is set right must not hide what is made until then.
    const found = await read(Math.min(seenUntil, began) - BEHIND)
    seenUntil = began
    return found
  }
}
