// A TCP proxy in front of a store, that loses answers on purpose and with each the connection.

import { startRelay } from './relay.ts'

export type FaultProxy = {
  port: number
  /** Loses the n-th answer from now on, and so many in all, counted over all connections. */
  loseAnswers(n: number, count: number): void
  /** Loses nothing any more; returns how many were lost. */
  heal(): number
  stop(): Promise<void>
}

/** `isAnswer` tells answers that are waited for from what the server says by itself; left out, all are. */
export async function startFaultProxy(
  target: string,
  isAnswer: (bytes: Buffer) => boolean = () => true,
): Promise<FaultProxy> {
  let before = Number.POSITIVE_INFINITY
  let toLose = 0
  let lost = 0

  const relay = await startRelay(target, () => ({
    toProgram(bytes) {
      if (!isAnswer(bytes)) return true
      before -= 1
      if (before > 0 || lost >= toLose) return true
      // The store did what it was asked; nobody hears of it.
      lost += 1
      return false
    },
  }))

  return {
    ...relay,
    loseAnswers(n, count) {
      before = n
      toLose = count
      lost = 0
    },
    heal() {
      toLose = 0
      return lost
    },
  }
}
