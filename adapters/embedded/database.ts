// One SQLite file: opened for durability and for company, its statements kept, its errors translated.

import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { StoreUnavailable } from '../../src/stores/errors.ts'

/** How long a write waits for another process (the command line, say) to finish its own, in milliseconds. */
const BUSY_TIMEOUT = 5000

/** Statements come from the stores' code and are few; should a text ever vary, memory stays bounded. */
const MAX_STATEMENTS = 1000

export type Database = {
  /** A prepared statement, kept for the next use of the same text. */
  statement(sql: string): StatementSync
  run(sql: string): void
  /**
   * Runs `work` in one transaction that holds the write lock from its start, so that what it read is
   * still true when it writes. `work` is synchronous; what it throws rolls everything back.
   */
  transaction<T>(work: () => T): T
  /** Runs `work` inside a transaction; what it throws takes back what it did there, and no more. */
  apart<T>(work: () => T): T
  /** Reads from the file; throws `StoreUnavailable` when that fails. */
  ping(): void
  close(): void
}

/** Opens the file, and makes it and its folder when they are missing. Throws `StoreUnavailable` when it cannot. */
export function openDatabase(file: string, busyTimeout = BUSY_TIMEOUT): Database {
  const database = openFile(file, busyTimeout)
  const statements = new Map<string, StatementSync>()

  const statement = (sql: string): StatementSync => {
    const known = statements.get(sql)
    if (known) return known
    const prepared = translate(() => database.prepare(sql))
    if (statements.size >= MAX_STATEMENTS) statements.clear()
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
    apart(work) {
      statement('SAVEPOINT apart').run()
      try {
        const result = work()
        statement('RELEASE apart').run()
        return result
      } catch (error) {
        // As above: then there is nothing left to take back.
        if (database.isTransaction) {
          statement('ROLLBACK TO apart').run()
          statement('RELEASE apart').run()
        }
        throw error
      }
    },
    ping: () => {
      translate(() => statement('SELECT name FROM sqlite_schema LIMIT 1').get())
    },
    close() {
      if (database.isOpen) database.close()
    },
  }
}

function openFile(file: string, busyTimeout: number): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    // Customers' data lies here: a folder made for it is nobody else's to look into.
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    database = new DatabaseSync(file, { timeout: busyTimeout })
    // The log is written before an answer is given, so a killed process loses nothing. `NORMAL` leaves
    // it to the operating system to bring it to the disk: a power cut may lose the last moments, never
    // half of a transaction.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    // From the log into the file after 16 MB, not SQLite's 4: a page that changes often is copied once for all.
    database.exec('PRAGMA wal_autocheckpoint = 4000')
    return database
  } catch (error) {
    if (database?.isOpen) database.close()
    throw new StoreUnavailable('the embedded store', { cause: error })
  }
}

/**
 * SQLite's primary result codes (sqlite.org/rescode.html) that say the file cannot be used now:
 * busy, locked, no memory, read-only, I/O error, corrupt, full, cannot open, locking protocol, no database.
 */
const unavailable = new Set([5, 6, 7, 8, 10, 11, 13, 14, 15, 26])

/** Runs `work`; what SQLite throws because the file cannot be used becomes `StoreUnavailable`. */
export function translate<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (isUnavailable(error)) throw new StoreUnavailable('the embedded store', { cause: error })
    throw error
  }
}

/** Whether SQLite says that the file cannot be used now. */
export function isUnavailable(error: unknown): boolean {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown } // node:sqlite sets them; other errors lack them
  // An extended code has the primary one in its low byte. `ERR_INVALID_STATE`: the file was closed.
  return code === 'ERR_INVALID_STATE' || unavailable.has(Number(errcode) & 0xff)
}
