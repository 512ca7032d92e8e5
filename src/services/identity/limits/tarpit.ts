// The tarpit: whoever misses often waits for their turn, and cannot get ahead by asking many times at once.

import { type Clock, SECOND } from '../../../shared/clock.ts'
import type { Ephemeral } from '../../../stores/ephemeral.ts'
import type { SignInSettings } from './settings.ts'

/** Resolves after so many milliseconds: a request that waits for its turn. */
export type Hold = (milliseconds: number) => Promise<void>

/** What waits in one line: those of one address, or of one source. */
export type Line = {
  /** Part of a key: without separators of its own. */
  name: string
  /** Wrong codes before this one. */
  misses: number
}

export type Tarpit = {
  /**
   * Waits until it is the turn of this guess in every line. Without waiting it says for how many seconds
   * to stay away, when too many wait already: then the guess must not be looked at.
   */
  wait(
    lines: readonly Line[],
    settings: SignInSettings,
  ): Promise<{ retryAfter: number } | undefined>
}

/** A waiting request holds a connection: this many are held at once, by the whole process. */
const MOST_HELD = 200

export function createTarpit(parts: { ephemeral: Ephemeral; clock: Clock; hold: Hold }): Tarpit {
  const { ephemeral, clock, hold } = parts
  let held = 0

  function gapOf({ misses }: Line, settings: SignInSettings): number {
    const steps = Math.floor(misses / settings.tarpitAfter)
    return Math.min(settings.tarpitLimit, steps * settings.tarpitStep)
  }

  return {
    async wait(lines, settings) {
      const limit = settings.tarpitLimit
      const slow = lines.filter((line) => gapOf(line, settings) > 0)
      if (slow.length === 0) return undefined
      const tooMany = { retryAfter: Math.ceil(limit / SECOND) }
      if (held >= MOST_HELD) return tooMany
      const now = clock.now()
      held += 1
      try {
        const turns = await Promise.all(
          slow.map((line) =>
            ephemeral.turn(`turn:${line.name}`, { now, gap: gapOf(line, settings), limit }),
          ),
        )
        const last = Math.max(...turns.map((turn) => turn ?? Number.POSITIVE_INFINITY))
        if (last === Number.POSITIVE_INFINITY) return tooMany
        await hold(last - now)
        return undefined
      } finally {
        held -= 1
      }
    },
  }
}
