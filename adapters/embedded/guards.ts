// Guards of the ephemeral port: secrets that can be guessed a few times and taken once.

import type { Clock } from '../../src/shared/clock.ts'
import type { Attempt, Ephemeral } from '../../src/stores/ephemeral.ts'
import type { Database } from './database.ts'
import type { Together } from './together.ts'

type GuardRow = {
  value: string
  tries: number
  digest: string
  digestExpiresAt: number
  previous: string | null
  previousExpiresAt: number | null
}

export function createGuards(
  database: Database,
  together: Together,
  clock: Clock,
): Pick<Ephemeral, 'guard' | 'attempt'> {
  const live = (key: string): GuardRow | undefined =>
    database
      .statement('SELECT * FROM "guards" WHERE key = ? AND expiresAt > ?')
      .get(key, clock.now()) as GuardRow | undefined // as the table's columns say

  return {
    async guard(key, guard) {
      const { value, tries, digest, digestExpiresAt, ttl } = guard
      return together.run(() => {
        const known = live(key)
        const left = known?.tries ?? tries
        const previous = [known?.digest ?? null, known?.digestExpiresAt ?? null]
        database
          .statement('INSERT OR REPLACE INTO "guards" VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
          .run(key, value, left, digest, digestExpiresAt, ...previous, clock.now() + ttl)
        return { left }
      })
    },

    async attempt(key, digest): Promise<Attempt> {
      return together.run(() => {
        const row = live(key)
        if (!row) return { outcome: 'missing' }
        if (row.tries <= 0) return { outcome: 'spent' }
        if (isGood(row, digest, clock.now())) {
          for (const table of ['guards', 'values'])
            database.statement(`DELETE FROM "${table}" WHERE key = ?`).run(key)
          return { outcome: 'taken', value: row.value }
        }
        database.statement('UPDATE "guards" SET tries = tries - 1 WHERE key = ?').run(key)
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
