// Single writes to a table, as the port's methods and its units of work share them.

import {
  checkDocument,
  checkLimit,
  checkUpdate,
  checkUpsert,
} from '../../src/stores/document-language.ts'
import type { CollectionSpec, Document, Filter, Update } from '../../src/stores/documents.ts'
import { AlreadyExists } from '../../src/stores/errors.ts'
import type { Database } from './database.ts'
import { whereOf } from './filter-sql.ts'
import { tableOf, violatedIndex } from './tables.ts'
import { applyUpdate, type Fields, seedOf } from './update.ts'

/** Returns the document as its JSON text. Throws `AlreadyExists`. */
export function insert(database: Database, spec: CollectionSpec, document: Document): string {
  checkDocument(document)
  const sql = `INSERT INTO ${tableOf(spec)} (_id, document) VALUES (?, ?)`
  const text = JSON.stringify(document)
  unlessTaken(spec, () => database.statement(sql).run(document._id, text))
  return text
}

/**
 * Returns the changed document as its JSON text, `undefined` when nothing matched. Throws `AlreadyExists`.
 * It reads and then writes: only inside a transaction is it one step.
 */
export function update(
  database: Database,
  spec: CollectionSpec,
  { filter, change }: { filter: Filter; change: Update },
): string | undefined {
  checkUpdate(change)
  const { sql, values } = whereOf(filter)
  const found = database
    .statement(`SELECT document FROM ${tableOf(spec)} WHERE ${sql} LIMIT 1`)
    .get(...values)
  if (!found) return undefined
  const document = JSON.parse(String(found.document)) as Document & Fields // nothing else is stored
  applyUpdate(document, change)
  const text = JSON.stringify(document)
  const put = `UPDATE ${tableOf(spec)} SET document = ? WHERE _id = ?`
  unlessTaken(spec, () => database.statement(put).run(text, document._id))
  return text
}

/** Like `update`, but makes the document when nothing matched. */
export function upsert(
  database: Database,
  spec: CollectionSpec,
  { filter, change }: { filter: Filter; change: Update },
): string {
  checkUpsert(filter)
  const changed = update(database, spec, { filter, change })
  if (changed !== undefined) return changed
  const document = seedOf(filter)
  applyUpdate(document, change, true)
  return insert(database, spec, document as Document) // the filter names the _id
}

/** Removes every match; returns how many. */
export function remove(database: Database, spec: CollectionSpec, filter: Filter): number {
  const { sql, values } = whereOf(filter)
  const text = `DELETE FROM ${tableOf(spec)} WHERE ${sql}`
  return Number(database.statement(text).run(...values).changes)
}

/** Removes at most `limit` matches; returns how many. */
export function removeSome(
  database: Database,
  spec: CollectionSpec,
  { filter, limit }: { filter: Filter; limit: number },
): number {
  checkLimit(limit)
  const { sql, values } = whereOf(filter)
  const table = tableOf(spec)
  const text = `DELETE FROM ${table} WHERE _id IN (SELECT _id FROM ${table} WHERE ${sql} LIMIT ?)`
  return Number(database.statement(text).run(...values, limit).changes)
}

function unlessTaken(spec: CollectionSpec, write: () => void): void {
  try {
    write()
  } catch (error) {
    const index = violatedIndex(spec, error)
    throw index === undefined ? error : new AlreadyExists(spec.name, index, { cause: error })
  }
}
