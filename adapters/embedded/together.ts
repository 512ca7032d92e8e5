// Writes of one turn of the event loop, kept in one transaction: a commit costs more than what is in it.

import type { Database } from './database.ts'

export type Together = {
  /** Runs `work`, a single write, and returns its result once it is kept. When the store fails, all of the turn fail. */
  run<T>(work: () => T): Promise<T>
  /** Keeps at once what waits for the end of the turn. */
  flush(): void
}

type Waiting = { work(): void; done(): void; failed(error: unknown): void }

export function createTogether(database: Database): Together {
  let waiting: Waiting[] = []

  function flush(): void {
    const turn = waiting
    waiting = []
    if (turn.length === 0) return
    try {
      database.transaction(() => {
        for (const { work } of turn) work()
      })
    } catch (error) {
      for (const { failed } of turn) failed(error)
      return
    }
    for (const { done } of turn) done()
  }

  return {
    flush,
    run<T>(work: () => T) {
      const { promise, resolve, reject } = Promise.withResolvers<T>()
      if (waiting.length === 0) setImmediate(flush)
      let result: T
      waiting.push({
        work() {
          result = work()
        },
        done: () => resolve(result),
        failed: reject,
      })
      return promise
    },
  }
}
