// Turns: few at once for one receiver, so that a slow one leaves room for the others.

import type { Clock } from '../../shared/clock.ts'

export type Turns = {
  /** Runs the work when the receiver has a turn free; else says when to come again, in milliseconds. */
  take<T>(receiver: string, work: () => Promise<T>): Promise<{ result: T } | { notYet: number }>
}

type Receiver = {
  underWay: number
  /** How long the last one took, in milliseconds. */
  took: number
  /** When whoever asks next is to come. */
  nextAt: number
}

/** Who comes too early costs two writes: nobody is told to come sooner. */
const SHORTEST_WAIT = 200
const CLOSEST = 10

export function createTurns({ clock, atOnce }: { clock: Clock; atOnce: number }): Turns {
  const receivers = new Map<string, Receiver>()

  /** Those who wait come one after another, as fast as the receiver answers. */
  function nextTurn(receiver: Receiver): number {
    const now = clock.now()
    const apart = Math.max(CLOSEST, receiver.took / atOnce)
    receiver.nextAt = Math.max(receiver.nextAt, now) + apart
    return Math.max(SHORTEST_WAIT, receiver.nextAt - now)
  }

  return {
    async take(name, work) {
      const receiver = receivers.get(name) ?? { underWay: 0, took: 0, nextAt: 0 }
      if (receiver.underWay >= atOnce) return { notYet: nextTurn(receiver) }
      receivers.set(name, receiver)
      receiver.underWay += 1
      const begun = clock.now()
      try {
        return { result: await work() }
      } finally {
        receiver.underWay -= 1
        receiver.took = clock.now() - begun
        if (receiver.underWay === 0) receivers.delete(name)
      }
    },
  }
}
