// Removing what has expired: every minute, in slices, so that a long night's worth never holds up a request.

import type { Log } from '../../src/shared/log.ts'

const EVERY = 60_000

/** How many rows one slice may remove. */
export const SLICE = 500

/** Calls `removeSlice` for as long as it says that more is left. Returns what ends the sweeping. */
export function startSweep(parts: { removeSlice(): boolean; log: Log | undefined }): () => void {
  let isOver = false
  const sweep = (): void => {
    if (isOver) return
    try {
      if (parts.removeSlice()) setImmediate(sweep)
    } catch (error) {
      // Expiry is judged on read, so nothing is wrong yet: the next minute tries again.
      parts.log?.warn({ err: error }, 'expired rows could not be removed')
    }
  }
  const timer = setInterval(sweep, EVERY)
  timer.unref()
  return () => {
    isOver = true
    clearInterval(timer)
  }
}
