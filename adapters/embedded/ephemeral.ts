// The ephemeral port on a SQLite file of its own: what was answered survives a kill here too.

import { EventEmitter } from 'node:events'
import type { Attempt, Counter, Ephemeral, Guard } from '../../src/stores/ephemeral.ts'
import { type Database, openDatabase, translate } from './database.ts'

const SWEEP_EVERY = 60_000

const tables = `
  CREATE TABLE IF NOT EXISTS "values" (
    key TEXT PRIMARY KEY, value TEXT NOT NULL, mark TEXT, expiresAt INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS guards (
    key TEXT PRIMARY KEY, value TEXT NOT NULL, tries INTEGER NOT NULL,
    digest TEXT NOT NULL, digestExpiresAt INTEGER NOT NULL,
    previous TEXT, previousExpiresAt INTEGER, expiresAt INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS counters (
    key TEXT PRIMARY KEY, count INTEGER NOT NULL, expiresAt INTEGER NOT NULL
  ) WITHOUT ROWID`

type GuardRow = {
  value: string
  tries: number
  digest: string
  digestExpiresAt: number
  previous: string | null
  previousExpiresAt: number | null
}

/** Opens the store. `file` is made when missing. Messages reach the subscribers of this process. */
export function createEmbeddedEphemeral(parts: {
  file: string
  clock: { now(): number }
}): Ephemeral {
  const { clock } = parts
  const database = openDatabase(parts.file)
  database.run(tables)
  const messages = new EventEmitter().setMaxListeners(0)
  const sweep = setInterval(() => removeExpired(database, clock.now()), SWEEP_EVERY)
  sweep.unref()

  return {
    ...createValues(database, clock),
    ...createGuards(database, clock),

    async increment(key, window, by = 1) {
      return translate(() => increment(database, { key, window, by, now: clock.now() }))
    },

    async publish(channel, message) {
      messages.emit(channel, message)
    },

    async subscribe(channel, listener) {
      messages.on(channel, listener)
      return async () => {
        messages.off(channel, listener)
      }
    },

    async ping() {
      translate(() => database.statement('SELECT 1').get())
    },

    async close() {
      clearInterval(sweep)
      messages.removeAllListeners()
      database.close()
    },
  }
}

type Values = Pick<
  Ephemeral,
  'set' | 'setIfAbsent' | 'get' | 'getMarked' | 'markOnce' | 'take' | 'delete'
>

function createValues(database: Database, clock: { now(): number }): Values {
  const live = (key: string): { value: string; mark: string | null } | undefined =>
    database
      .statement('SELECT value, mark FROM "values" WHERE key = ? AND expiresAt > ?')
      .get(key, clock.now()) as { value: string; mark: string | null } | undefined // as the table says

  const put = (key: string, value: string, ttl: number): void => {
    database
      .statement('INSERT OR REPLACE INTO "values" VALUES (?, ?, NULL, ?)')
      .run(key, value, clock.now() + ttl)
  }

  return {
    async set(key, value, ttl) {
      translate(() => put(key, value, ttl))
    },

    async setIfAbsent(key, value, ttl) {
      return database.transaction(() => {
        if (live(key)) return false
        put(key, value, ttl)
        return true
      })
    },

    async get(key) {
      return translate(() => live(key))?.value
    },

    async getMarked(key) {
      const row = translate(() => live(key))
      return row && { value: row.value, mark: row.mark ?? undefined }
    },

    async markOnce(key, mark) {
      return database.transaction(() => {
        const row = live(key)
        if (!row) return 'missing'
        if (row.mark !== null) return 'already'
        database.statement('UPDATE "values" SET mark = ? WHERE key = ?').run(mark, key)
        return 'marked'
      })
    },

    async take(key) {
      const row = translate(() =>
        database
          .statement('DELETE FROM "values" WHERE key = ? AND expiresAt > ? RETURNING value')
          .get(key, clock.now()),
      )
      return row === undefined ? undefined : String(row.value)
    },

    async delete(key) {
      database.transaction(() => {
        database.statement('DELETE FROM "values" WHERE key = ?').run(key)
        database.statement('DELETE FROM guards WHERE key = ?').run(key)
      })
    },
  }
}

function createGuards(
  database: Database,
  clock: { now(): number },
): Pick<Ephemeral, 'guard' | 'attempt'> {
  const live = (key: string): GuardRow | undefined =>
    database
      .statement('SELECT * FROM guards WHERE key = ? AND expiresAt > ?')
      .get(key, clock.now()) as GuardRow | undefined // as the table says

  return {
    async guard(key, guard) {
      return database.transaction(() => {
        const known = live(key)
        const left = known?.tries ?? guard.tries
        putGuard(database, key, { ...guard, left, known, now: clock.now() })
        return { left }
      })
    },

    async attempt(key, digest): Promise<Attempt> {
      return database.transaction(() => {
        const row = live(key)
        if (!row) return { outcome: 'missing' }
        if (row.tries <= 0) return { outcome: 'spent' }
        if (isGood(row, digest, clock.now())) {
          database.statement('DELETE FROM guards WHERE key = ?').run(key)
          return { outcome: 'taken', value: row.value }
        }
        database.statement('UPDATE guards SET tries = tries - 1 WHERE key = ?').run(key)
        return { outcome: 'wrong', left: row.tries - 1 }
      })
    },
  }
}

/** What is compared are keyed digests of guesses: their timing tells nothing about the secret. */
function isGood(row: GuardRow, digest: string, now: number): boolean {
  const isNewest = row.digest === digest && row.digestExpiresAt > now
  const isPrevious = row.previous === digest && (row.previousExpiresAt ?? 0) > now
  return isNewest || isPrevious
}

function putGuard(
  database: Database,
  key: string,
  guard: Guard & { left: number; known: GuardRow | undefined; now: number },
): void {
  database
    .statement('INSERT OR REPLACE INTO guards VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
    .run(
      key,
      guard.value,
      guard.left,
      guard.digest,
      guard.digestExpiresAt,
      guard.known?.digest ?? null,
      guard.known?.digestExpiresAt ?? null,
      guard.now + guard.ttl,
    )
}

/** One statement: the window that runs goes on, one that has ended starts anew. */
function increment(
  database: Database,
  count: { key: string; window: number; by: number; now: number },
): Counter {
  const { key, window, by, now } = count
  const row = database
    .statement(
      `INSERT INTO counters VALUES (?1, ?2, ?3 + ?4) ON CONFLICT (key) DO UPDATE SET
         count = iif(expiresAt > ?3, count + ?2, ?2),
         expiresAt = iif(expiresAt > ?3, expiresAt, ?3 + ?4)
       RETURNING count, expiresAt`,
    )
    .get(key, by, now, window)
  return { count: Number(row?.count), resetsAt: Number(row?.expiresAt) }
}

function removeExpired(database: Database, now: number): void {
  for (const table of ['"values"', 'guards', 'counters'])
    database.statement(`DELETE FROM ${table} WHERE expiresAt <= ?`).run(now)
}
