// The document port on one SQLite file: a table a collection, its indexes on JSON expressions.

import { checkDocument, checkUpdate } from '../../src/stores/document-language.ts'
import type {
  Collection,
  CollectionSpec,
  Document,
  Documents,
  Filter,
  IndexSpec,
  Json,
  Update,
  Write,
} from '../../src/stores/documents.ts'
import { AlreadyExists } from '../../src/stores/errors.ts'
import { type Database, openDatabase, translate } from './database.ts'
import { orderOf, pathExpression, selectionOf, whereOf } from './filter-sql.ts'
import { applyUpdate, seedOf } from './update.ts'

type Fields = Document & { [key: string]: Json | undefined }

const SWEEP_EVERY = 60_000
const SWEPT_AT_ONCE = 1000

/** Opens the store. `file` is made when missing; several processes may have it open. */
export function createEmbeddedDocuments(parts: {
  file: string
  clock: { now(): number }
}): Documents {
  const database = openDatabase(parts.file)
  const known = new Map<string, CollectionSpec>()

  const ensure = (spec: CollectionSpec): CollectionSpec => {
    if (!known.has(spec.name)) {
      createTable(database, spec)
      known.set(spec.name, spec)
    }
    return spec
  }
  const sweep = setInterval(() => {
    for (const spec of known.values()) removeExpired(database, spec, parts.clock.now())
  }, SWEEP_EVERY)
  sweep.unref()

  return {
    collection: <D extends Document>(spec: CollectionSpec) =>
      createCollection<D>(database, ensure(spec)),

    async unitOfWork(writes) {
      for (const write of writes) ensure(write.in)
      return commitAll(database, writes)
    },

    async prepare(specs) {
      for (const spec of specs) ensure(spec)
    },

    async ping() {
      translate(() => database.statement('SELECT 1').get())
    },

    async close() {
      clearInterval(sweep)
      database.close()
    },
  }
}

/** A write of a unit whose condition did not hold: rolls the unit back. */
class ConditionFailed extends Error {
  readonly index: number
  constructor(index: number, options?: ErrorOptions) {
    super(`write ${index} did not apply`, options)
    this.index = index
  }
}

function commitAll(
  database: Database,
  writes: readonly Write[],
): { done: true } | { done: false; failed: number } {
  try {
    database.transaction(() => {
      for (const [index, write] of writes.entries()) apply(database, write, index)
    })
    return { done: true }
  } catch (error) {
    if (error instanceof ConditionFailed) return { done: false, failed: error.index }
    throw error
  }
}

function apply(database: Database, write: Write, index: number): void {
  try {
    if ('insert' in write) insert(database, write.in, write.insert)
    else if ('update' in write) {
      if (!update(database, write.in, write.update, write.by)) throw new ConditionFailed(index)
    } else if (remove(database, write.in, write.remove) === 0 && !write.optional)
      throw new ConditionFailed(index)
  } catch (error) {
    throw error instanceof AlreadyExists ? new ConditionFailed(index, { cause: error }) : error
  }
}

function createCollection<D extends Document>(
  database: Database,
  spec: CollectionSpec,
): Collection<D> {
  const table = quoted(spec.name)
  // What is in the table was put there through this type.
  const read = (row: unknown): D => JSON.parse((row as { document: string }).document) as D

  return {
    async insert(document) {
      translate(() => insert(database, spec, document))
    },

    async findOne(filter, { sort = [] } = {}) {
      const { sql, values } = whereOf(filter)
      const order = sort.length > 0 ? `ORDER BY ${orderOf(sort)}` : ''
      const text = `SELECT document FROM ${table} WHERE ${sql} ${order} LIMIT 1`
      const row = translate(() => database.statement(text).get(...values))
      return row === undefined ? undefined : read(row)
    },

    async find(filter, options) {
      const { sql, values } = selectionOf(filter, options)
      const text = `SELECT document FROM ${table} ${sql}`
      return translate(() => database.statement(text).all(...values)).map(read)
    },

    async count(filter) {
      const { sql, values } = whereOf(filter)
      const text = `SELECT count(*) AS count FROM ${table} WHERE ${sql}`
      return Number(translate(() => database.statement(text).get(...values))?.count)
    },

    async updateOne(filter, change, { upsert = false } = {}) {
      const changed = database.transaction(() => {
        const updated = update(database, spec, filter, change)
        if (updated || !upsert) return updated
        const made = applyUpdate(seedOf(filter), change, true) as Fields // the seed has the _id
        insert(database, spec, made)
        return made
      })
      return changed as D | undefined // its fields are those of D, changed by an update written for D
    },

    async deleteMany(filter) {
      return translate(() => remove(database, spec, filter))
    },
  }
}

function insert(database: Database, spec: CollectionSpec, document: Document): void {
  checkDocument(document)
  const text = `INSERT INTO ${quoted(spec.name)} (_id, document) VALUES (?, ?)`
  write(spec, () => database.statement(text).run(document._id, JSON.stringify(document)))
}

function update(
  database: Database,
  spec: CollectionSpec,
  filter: Filter,
  change: Update,
): Fields | undefined {
  checkUpdate(change)
  const table = quoted(spec.name)
  const { sql, values } = whereOf(filter)
  const found = database
    .statement(`SELECT document FROM ${table} WHERE ${sql} LIMIT 1`)
    .get(...values) as { document: string } | undefined // the one column that was asked for
  if (!found) return undefined
  const changed = applyUpdate(JSON.parse(found.document), change) as Fields // an update keeps the _id
  const text = `UPDATE ${table} SET document = ? WHERE _id = ?`
  write(spec, () => database.statement(text).run(JSON.stringify(changed), changed._id))
  return changed
}

function remove(database: Database, spec: CollectionSpec, filter: Filter): number {
  const { sql, values } = whereOf(filter)
  const text = `DELETE FROM ${quoted(spec.name)} WHERE ${sql}`
  return Number(database.statement(text).run(...values).changes)
}

/** Runs a write; a unique violation names its index. */
function write(spec: CollectionSpec, work: () => void): void {
  try {
    work()
  } catch (error) {
    // SQLite names an expression index (`index 'accounts:email'`), or the column of the primary key.
    const { message } = error as Error
    if (!message.startsWith('UNIQUE constraint failed')) throw error
    const index = spec.indexes.find(({ name }) => message.includes(`'${indexName(spec, name)}'`))
    throw new AlreadyExists(spec.name, index?.name ?? '_id', { cause: error })
  }
}

function createTable(database: Database, spec: CollectionSpec): void {
  const table = quoted(spec.name)
  const expiry: IndexSpec[] = spec.expiresAt
    ? [{ name: 'expires-at', keys: [[spec.expiresAt, 1]] }]
    : []
  const indexes = [...spec.indexes, ...expiry].map((index) => {
    const keys = orderOf(index.keys)
    const present = index.keys.map(([path]) => `${pathExpression(path)} IS NOT NULL`).join(' AND ')
    return [
      `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX IF NOT EXISTS`,
      `${quoted(indexName(spec, index.name))} ON ${table} (${keys})`,
      index.sparse ? `WHERE ${present}` : '',
    ].join(' ')
  })
  const create = `CREATE TABLE IF NOT EXISTS ${table} (_id TEXT PRIMARY KEY, document TEXT NOT NULL)`
  database.run([create, ...indexes].join(';'))
}

/** Bounded, so that a long night's worth of expired documents never holds up a request. */
function removeExpired(database: Database, spec: CollectionSpec, now: number): void {
  if (!spec.expiresAt) return
  const table = quoted(spec.name)
  const { sql, values } = whereOf({ [spec.expiresAt]: { $lt: now } })
  const text = `DELETE FROM ${table} WHERE _id IN (SELECT _id FROM ${table} WHERE ${sql} LIMIT ?)`
  database.statement(text).run(...values, SWEPT_AT_ONCE)
}

function indexName(spec: CollectionSpec, index: string): string {
  return `${spec.name}:${index}`
}

/** Names come from our own specs; the quotation marks are for the dashes in them. */
function quoted(name: string): string {
  return `"${name}"`
}
