// A collection as a table: its documents as JSON in one column, its declared indexes on expressions.

import { checkCollection } from '../../src/stores/document-language.ts'
import type { CollectionSpec, IndexSpec } from '../../src/stores/documents.ts'
import type { Database } from './database.ts'
import { orderOf, pathExpression, whereOf } from './filter-sql.ts'
import { SLICE } from './sweep.ts'

/** Makes the table and its indexes, where they are missing; an index that was declared otherwise is made anew. */
export function makeTable(database: Database, spec: CollectionSpec): void {
  checkCollection(spec)
  const columns = '_id TEXT PRIMARY KEY, document TEXT NOT NULL'
  database.transaction(() => {
    database.run(`CREATE TABLE IF NOT EXISTS ${tableOf(spec)} (${columns})`)
    for (const index of spec.indexes) makeIndex(database, spec, index)
    if (spec.expiresAt)
      makeIndex(database, spec, { name: '(expiry)', keys: [[spec.expiresAt, 1]], sparse: true })
  })
}

/** The table's name, as it stands in SQL: the port allows lower-case letters, digits and dashes only. */
export function tableOf(spec: CollectionSpec): string {
  return `"${spec.name}"`
}

/** The index that a write violated, `_id` for the id; `undefined` when the error says something else. */
export function violatedIndex(spec: CollectionSpec, error: unknown): string | undefined {
  const { message } = error as Error // thrown by SQLite or by JSON
  if (!message.startsWith('UNIQUE constraint failed')) return undefined
  // SQLite names an expression index (`index 'accounts:email'`), but the column of the primary key.
  return spec.indexes.find(({ name }) => message.includes(`'${spec.name}:${name}'`))?.name ?? '_id'
}

/** Removes a slice of what has expired; `true` when there may be more. */
export function removeExpired(database: Database, spec: CollectionSpec, now: number): boolean {
  if (!spec.expiresAt) return false
  const table = tableOf(spec)
  const { sql, values } = whereOf({ [spec.expiresAt]: { $lt: now } })
  const text = `DELETE FROM ${table} WHERE _id IN (SELECT _id FROM ${table} WHERE ${sql} LIMIT ?)`
  return Number(database.statement(text).run(...values, SLICE).changes) === SLICE
}

function makeIndex(database: Database, spec: CollectionSpec, index: IndexSpec): void {
  const name = `${spec.name}:${index.name}`
  const present = index.keys.map(([path]) => `${pathExpression(path)} IS NOT NULL`).join(' AND ')
  const sql = [
    index.unique ? 'CREATE UNIQUE INDEX' : 'CREATE INDEX',
    `"${name}" ON ${tableOf(spec)} (${orderOf(index.keys)})`,
    ...(index.sparse ? [`WHERE ${present}`] : []),
  ].join(' ')
  // SQLite keeps the text of an index as it was written.
  const found = database.statement('SELECT sql FROM sqlite_schema WHERE name = ?').get(name)
  if (found?.sql === sql) return
  if (found) database.run(`DROP INDEX "${name}"`)
  database.run(sql)
}
