// Writes of one turn of the event loop, kept in one transaction: a commit costs more than what is in it.

import { StoreUnavailable } from '../../src/stores/errors.ts'
import { type Database, isUnavailable } from './database.ts'

export type Together = {
  /**
   * Runs `work` and returns its result once it is kept. What `work` throws takes back its own writes alone; when the
   * store fails, all of the turn fail.
   */
  run<T>(work: () => T): Promise<T>
  /** Keeps at once what waits for the end of the turn. */
  flush(): void
}

type Waiting = {
  work(): unknown
  resolve(result: unknown): void
  reject(error: unknown): void
}

export function createTogether(database: Database): Together {
  let waiting: Waiting[] = []

  function flush(): void {
    const turn = waiting
    waiting = []
    if (turn.length === 0) return
    const [first] = turn
    try {
      if (first && turn.length === 1) first.resolve(database.transaction(first.work))
      else for (const settle of database.transaction(() => turn.map(runApart))) settle()
    } catch (error) {
      for (const { reject } of turn) reject(error)
    }
  }

  /** Returns what tells whoever waits, once all is kept. */
  function runApart({ work, resolve, reject }: Waiting): () => void {
    try {
      const result = database.apart(work)
      return () => resolve(result)
    } catch (error) {
      if (error instanceof StoreUnavailable || isUnavailable(error)) throw error
      return () => reject(error)
    }
  }

  return {
    flush,
    run<T>(work: () => T) {
      if (waiting.length === 0) setImmediate(flush)
      return new Promise<T>((resolve, reject) => {
        // Its own work's result is what it gets.
        waiting.push({ work, resolve: (result) => resolve(result as T), reject })
      })
    },
  }
}
