// The ephemeral port on a SQLite file of its own: what was answered survives a kill here too.

import { EventEmitter } from 'node:events'
import type { Clock } from '../../src/shared/clock.ts'
import type { Log } from '../../src/shared/log.ts'
import type { Counter, Ephemeral, Turn } from '../../src/stores/ephemeral.ts'
import { type Database, openDatabase } from './database.ts'
import { createGuards } from './guards.ts'
import { SLICE, startSweep } from './sweep.ts'
import { createTogether } from './together.ts'
import { createValues } from './values.ts'

const tables = ['values', 'guards', 'counters', 'turns'] as const

const schema = `
  CREATE TABLE IF NOT EXISTS "values" (
    key TEXT PRIMARY KEY, value TEXT NOT NULL, mark TEXT, expiresAt INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS "guards" (
    key TEXT PRIMARY KEY, value TEXT NOT NULL, tries INTEGER NOT NULL,
    digest TEXT NOT NULL, digestExpiresAt INTEGER NOT NULL,
    previous TEXT, previousExpiresAt INTEGER, expiresAt INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS "counters" (
    key TEXT PRIMARY KEY, count INTEGER NOT NULL, expiresAt INTEGER NOT NULL
  );
  CREATE TABLE IF NOT EXISTS "turns" (key TEXT PRIMARY KEY, expiresAt INTEGER NOT NULL);
  ${tables.map((table) => `CREATE INDEX IF NOT EXISTS "${table}:expiry" ON "${table}" (expiresAt);`).join('\n')}`

/**
 * Opens the store. `file` is made when missing; several processes may have it open, but messages reach
 * the subscribers of this one only. Throws `StoreUnavailable` when it cannot be opened.
 */
export function createEmbeddedEphemeral(parts: {
  file: string
  clock: Clock
  log?: Log
}): Ephemeral {
  const { file, clock, log } = parts
  const database = openDatabase(file)
  database.transaction(() => database.run(schema))
  const together = createTogether(database)
  const endSweep = startSweep({
    removeSlice: () =>
      tables.map((table) => removeExpired(database, table, clock.now())).includes(true),
    log,
  })

  return {
    ...createValues(database, together, clock),
    ...createGuards(database, together, clock),
    ...createMessages(),

    async increment(key, window, by = 1) {
      const now = clock.now()
      return together.run(() => increment(database, { key, window, by, now }))
    },

    async takeBack(key, resetsAt) {
      await together.run(() => {
        database
          .statement(
            'UPDATE "counters" SET count = count - 1 WHERE key = ? AND expiresAt = ? AND count > 0',
          )
          .run(key, resetsAt)
      })
    },

    async turn(key, request) {
      return together.run(() => turn(database, key, request))
    },

    async ping() {
      database.ping()
    },

    async close() {
      endSweep()
      together.flush()
      database.close()
    },
  }
}

function createMessages(): Pick<Ephemeral, 'publish' | 'subscribe'> {
  const channels = new EventEmitter().setMaxListeners(0)
  // An emitter gives the name `error` a meaning of its own.
  const nameOf = (channel: string): string => `channel:${channel}`
  return {
    async publish(channel, message) {
      channels.emit(nameOf(channel), message)
    },

    async subscribe(channel, listener) {
      let isOver = false
      // Later, as from a server: what a listener throws is not the publisher's affair.
      const hear = (message: string): void =>
        queueMicrotask(() => {
          if (!isOver) listener(message)
        })
      channels.on(nameOf(channel), hear)
      return async () => {
        isOver = true
        channels.off(nameOf(channel), hear)
      }
    },
  }
}

/** One statement: the window that runs goes on, one that has ended starts anew. */
function increment(
  database: Database,
  count: { key: string; window: number; by: number; now: number },
): Counter {
  const { key, window, by, now } = count
  const row = database
    .statement(
      `INSERT INTO "counters" VALUES (?1, ?2, ?3 + ?4) ON CONFLICT (key) DO UPDATE SET
         count = iif(expiresAt > ?3, count + ?2, ?2),
         expiresAt = iif(expiresAt > ?3, expiresAt, ?3 + ?4)
       RETURNING count, expiresAt`,
    )
    .get(key, by, now, window)
  return { count: Number(row?.count), resetsAt: Number(row?.expiresAt) }
}

/** One statement; a turn that would be too far away changes nothing, and returns nothing. */
function turn(database: Database, key: string, { now, gap, limit }: Turn): number | undefined {
  if (gap > limit) return undefined
  const row = database
    .statement(
      `INSERT INTO "turns" VALUES (?1, ?2 + ?3) ON CONFLICT (key) DO UPDATE SET
         expiresAt = max(expiresAt, ?2) + ?3
       WHERE max(expiresAt, ?2) + ?3 - ?2 <= ?4
       RETURNING expiresAt`,
    )
    .get(key, now, gap, limit)
  return row && Number(row.expiresAt)
}

/** Removes a slice of what has expired; `true` when there may be more. */
function removeExpired(database: Database, table: string, now: number): boolean {
  const sql = `DELETE FROM "${table}" WHERE key IN (SELECT key FROM "${table}" WHERE expiresAt <= ? LIMIT ?)`
  return Number(database.statement(sql).run(now, SLICE).changes) === SLICE
}
