// One SQLite file: opened for durability and for company, its statements kept, its errors translated.

import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { StoreUnavailable } from '../../src/stores/errors.ts'

/** How long a write waits for another process (the command line, say) to finish its own, in milliseconds. */
const BUSY_TIMEOUT = 5000

export type Database = {
  /** A prepared statement, kept for the next use of the same text. */
  statement(sql: string): StatementSync
  run(sql: string): void
  /**
   * Runs `work` in one transaction that holds the write lock from its start, so that what it read is
   * still true when it writes. `work` is synchronous; what it throws rolls everything back.
   */
  transaction<T>(work: () => T): T
  close(): void
}

/** Opens the file, and makes it and its folder when they are missing. Throws `StoreUnavailable` when it cannot. */
export function openDatabase(file: string): Database {
  mkdirSync(dirname(file), { recursive: true })
  const database = translate(() => {
    const opened = new DatabaseSync(file, { timeout: BUSY_TIMEOUT })
    // The log is written before an answer is given, so a killed process loses nothing. `NORMAL` leaves
    // it to the operating system to bring it to the disk: a power cut may lose the last moments.
    opened.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    return opened
  })
  const statements = new Map<string, StatementSync>()

  const statement = (sql: string): StatementSync => {
    const known = statements.get(sql)
    if (known) return known
    const prepared = translate(() => database.prepare(sql))
    statements.set(sql, prepared)
    return prepared
  }

  return {
    statement,
    run: (sql) => translate(() => database.exec(sql)),
    transaction(work) {
      return translate(() => {
        statement('BEGIN IMMEDIATE').run()
        try {
          const result = work()
          statement('COMMIT').run()
          return result
        } catch (error) {
          // SQLite has rolled back by itself after some errors: a second rollback would hide the first.
          if (database.isTransaction) statement('ROLLBACK').run()
          throw error
        }
      })
    },
    close() {
      if (database.isOpen) database.close()
    },
  }
}

/** SQLite's primary result codes (sqlite.org/rescode.html) that say the file cannot be used now. */
const unavailable = new Set([5, 6, 7, 8, 10, 11, 13, 14, 26])

/** Runs `work`; what SQLite throws because the file cannot be used becomes `StoreUnavailable`. */
export function translate<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    const { errcode } = error as { errcode?: unknown } // node:sqlite sets it; other errors lack it
    if (typeof errcode === 'number' && unavailable.has(errcode & 0xff))
      throw new StoreUnavailable('the embedded store', { cause: error })
    throw error
  }
}
