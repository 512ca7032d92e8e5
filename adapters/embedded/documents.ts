// The document port on one SQLite file.

import type { Clock } from '../../src/shared/clock.ts'
import type { Log } from '../../src/shared/log.ts'
import { completeSort } from '../../src/stores/document-language.ts'
import type { Collection, CollectionSpec, Document, Documents } from '../../src/stores/documents.ts'
import { type Database, openDatabase, translate } from './database.ts'
import { orderOf, selectionOf, whereOf } from './filter-sql.ts'
import { startSweep } from './sweep.ts'
import { makeTable, removeExpired, tableOf } from './tables.ts'
import { createTogether, type Together } from './together.ts'
import { commitAll } from './unit-of-work.ts'
import { insert, remove, removeSome, update, upsert } from './writes.ts'

/**
 * Opens the store. `file` is made when missing; several processes may have it open. Throws
 * `StoreUnavailable` when it cannot be opened. `log` hears when expired documents cannot be removed.
 */
export function createEmbeddedDocuments(parts: {
  file: string
  clock: Clock
  log?: Log
}): Documents {
  const { file, clock, log } = parts
  const database = openDatabase(file)
  const together = createTogether(database)
  const made = new Map<string, CollectionSpec>()
  const make = (spec: CollectionSpec): void => {
    if (made.has(spec.name)) return
    makeTable(database, spec)
    made.set(spec.name, spec)
  }
  const endSweep = startSweep({
    removeSlice: () =>
      [...made.values()].map((spec) => removeExpired(database, spec, clock.now())).includes(true),
    log,
  })

  return {
    collection<D extends Document>(spec: CollectionSpec) {
      make(spec)
      return createCollection<D>({ database, together }, spec)
    },

    async unitOfWork(writes) {
      for (const write of writes) make(write.in)
      together.flush() // what was asked for first happens first
      return commitAll(database, writes)
    },

    async prepare(specs) {
      for (const spec of specs) make(spec)
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

function createCollection<D extends Document>(
  { database, together }: { database: Database; together: Together },
  spec: CollectionSpec,
): Collection<D> {
  const table = tableOf(spec)
  const parse = (text: unknown): D => JSON.parse(String(text)) as D // it was put there through this type

  return {
    async insert(document) {
      await together.run(() => insert(database, spec, document))
    },

    async findOne(filter, { sort } = {}) {
      const { sql, values } = whereOf(filter)
      const order = sort ? `ORDER BY ${orderOf(completeSort(sort))}` : ''
      const text = `SELECT document FROM ${table} WHERE ${sql} ${order} LIMIT 1`
      const row = translate(() => database.statement(text).get(...values))
      return row && parse(row.document)
    },

    async find(filter, options) {
      const { sql, values } = selectionOf(filter, options)
      const text = `SELECT document FROM ${table} ${sql}`
      const rows = translate(() => database.statement(text).all(...values))
      return rows.map((row) => parse(row.document))
    },

    async count(filter) {
      const { sql, values } = whereOf(filter)
      const text = `SELECT count(*) AS count FROM ${table} WHERE ${sql}`
      return Number(translate(() => database.statement(text).get(...values))?.count)
    },

    async updateOne(filter, change, options) {
      const write = options?.upsert ? upsert : update
      const text = await together.run(() => write(database, spec, { filter, change }))
      return text === undefined ? undefined : parse(text)
    },

    async updateInOrder(changes) {
      const done = await together.run(() =>
        changes.map(({ filter, update: change, upsert: makes }) =>
          (makes ? upsert : update)(database, spec, { filter, change }),
        ),
      )
      return done.filter((text) => text !== undefined).length
    },

    async deleteMany(filter) {
      return together.run(() => remove(database, spec, filter))
    },

    async deleteSome(filter, limit) {
      return together.run(() => removeSome(database, spec, { filter, limit }))
    },
  }
}
