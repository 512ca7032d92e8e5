// Values of the ephemeral port: set, marked once, taken once. Expiry is judged on read.

import type { Clock } from '../../src/shared/clock.ts'
import type { Ephemeral } from '../../src/stores/ephemeral.ts'
import { type Database, translate } from './database.ts'
import type { Together } from './together.ts'

type Values = Pick<
  Ephemeral,
  'set' | 'setIfAbsent' | 'get' | 'getMarked' | 'markOnce' | 'take' | 'delete'
>

export function createValues(database: Database, together: Together, clock: Clock): Values {
  const live = (key: string): { value: string; mark: string | undefined } | undefined => {
    const row = database
      .statement('SELECT value, mark FROM "values" WHERE key = ? AND expiresAt > ?')
      .get(key, clock.now())
    return (
      row && { value: String(row.value), mark: row.mark === null ? undefined : String(row.mark) }
    )
  }

  return {
    async set(key, value, ttl) {
      const sql = 'INSERT OR REPLACE INTO "values" VALUES (?, ?, NULL, ?)'
      const expiresAt = clock.now() + ttl
      await together.run(() => database.statement(sql).run(key, value, expiresAt))
    },

    async setIfAbsent(key, value, ttl) {
      const now = clock.now()
      const sql = `INSERT INTO "values" VALUES (?, ?, NULL, ?) ON CONFLICT (key) DO UPDATE
        SET value = excluded.value, mark = NULL, expiresAt = excluded.expiresAt WHERE expiresAt <= ?`
      const write = () => database.statement(sql).run(key, value, now + ttl, now)
      return Number((await together.run(write)).changes) === 1
    },

    async get(key) {
      return translate(() => live(key))?.value
    },

    async getMarked(key) {
      return translate(() => live(key))
    },

    async markOnce(key, mark) {
      return together.run(() => {
        const row = live(key)
        if (!row) return 'missing'
        if (row.mark !== undefined) return 'already'
        database.statement('UPDATE "values" SET mark = ? WHERE key = ?').run(mark, key)
        return 'marked'
      })
    },

    async take(key) {
      const sql = 'DELETE FROM "values" WHERE key = ? AND expiresAt > ? RETURNING value'
      const row = await together.run(() => database.statement(sql).get(key, clock.now()))
      return row && String(row.value)
    },

    async delete(key) {
      await together.run(() => {
        database.statement('DELETE FROM "values" WHERE key = ?').run(key)
        database.statement('DELETE FROM "guards" WHERE key = ?').run(key)
      })
    },
  }
}
