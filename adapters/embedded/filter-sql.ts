// The port's filters and sorts as SQL. Values are always parameters; paths were checked at the port.

import {
  checkFilter,
  checkLimit,
  completeSort,
  filterAfter,
} from '../../src/stores/document-language.ts'
import type { Filter, FindOptions, Sort } from '../../src/stores/documents.ts'

export type Where = { sql: string; values: (string | number)[] }

/** The expression an index and a filter share: they must be the same text for SQLite to match them. */
export function pathExpression(path: string): string {
  return path === '_id' ? '_id' : `json_extract(document, '${jsonPath(path)}')`
}

export function whereOf(filter: Filter): Where {
  checkFilter(filter)
  return conjunction(filter)
}

/** The rest of a `find`: filter, place in the order, order, limit. */
export function selectionOf(filter: Filter, options: FindOptions): Where {
  checkLimit(options.limit)
  const sort = completeSort(options.sort)
  const beyond = options.after ? [whereOf(filterAfter(sort, options.after))] : []
  const where = joined([whereOf(filter), ...beyond], ' AND ')
  return {
    sql: `WHERE ${where.sql} ORDER BY ${orderOf(sort)} LIMIT ?`,
    values: [...where.values, options.limit],
  }
}

export function orderOf(sort: Sort): string {
  return sort
    .map(([path, direction]) => `${pathExpression(path)} ${direction === 1 ? 'ASC' : 'DESC'}`)
    .join(', ')
}

function conjunction(filter: Filter): Where {
  const { $or, ...conditions } = filter
  const parts = Object.entries(conditions).map(([path, condition]) => conditionOf(path, condition))
  if ($or) parts.push(disjunction($or))
  return parts.length === 0 ? { sql: 'TRUE', values: [] } : joined(parts, ' AND ')
}

function disjunction(filters: readonly Filter[]): Where {
  const { sql, values } = joined(
    filters.map(conjunction).map((part) => ({ ...part, sql: `(${part.sql})` })),
    ' OR ',
  )
  return { sql: `(${sql})`, values }
}

function joined(parts: readonly Where[], by: string): Where {
  return {
    sql: parts.map(({ sql }) => sql).join(by),
    values: parts.flatMap(({ values }) => values),
  }
}

const comparisons: { [operator: string]: string } = { $gt: '>', $gte: '>=', $lt: '<', $lte: '<=' }

function conditionOf(path: string, condition: unknown): Where {
  if (typeof condition !== 'object' || condition === null) return compare(path, '=', condition)
  const parts = Object.entries(condition).map(([operator, value]): Where => {
    if (operator === '$exists') return existence(path, value)
    if (operator === '$in') return membership(path, value)
    return compare(path, comparisons[operator] ?? '=', value)
  })
  return joined(parts, ' AND ')
}

function existence(path: string, exists: boolean): Where {
  return { sql: `${typeExpression(path)} IS ${exists ? 'NOT ' : ''}NULL`, values: [] }
}

/** One parameter holds the whole list, so that its length does not make another statement. */
function membership(path: string, scalars: readonly unknown[]): Where {
  return {
    sql: `${pathExpression(path)} IN (SELECT value FROM json_each(?))${typeGuard(path, scalars[0])}`,
    values: [JSON.stringify(scalars)],
  }
}

function compare(path: string, comparison: string, value: unknown): Where {
  return {
    sql: `${pathExpression(path)} ${comparison} ?${typeGuard(path, value)}`,
    values: [typeof value === 'string' ? value : Number(value)],
  }
}

const jsonTypes: { [type: string]: string } = {
  string: `'text'`,
  number: `'integer', 'real'`,
  boolean: `'true', 'false'`,
}

/** JSON's types do not mix: SQLite reads `true` as 1, and a list as its text. */
function typeGuard(path: string, value: unknown): string {
  if (path === '_id') return ''
  return ` AND ${typeExpression(path)} IN (${jsonTypes[typeof value] ?? ''})`
}

function typeExpression(path: string): string {
  return path === '_id' ? '_id' : `json_type(document, '${jsonPath(path)}')`
}

/** `a.b` -> `$."a"."b"`; the port refuses quotation marks, and apostrophes are doubled for SQL. */
function jsonPath(path: string): string {
  const segments = path.split('.').map((segment) => `."${segment.replaceAll("'", "''")}"`)
  return `$${segments.join('')}`
}
