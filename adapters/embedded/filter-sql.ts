// The port's filters and sorts as SQL. Values are always parameters; paths were checked at the port.

import { checkFilter, completeSort, filterAfter } from '../../src/stores/document-language.ts'
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
  const sort = completeSort(options.sort)
  const base = whereOf(filter)
  const beyond = options.after ? whereOf(filterAfter(sort, options.after)) : undefined
  const where = beyond ? `${base.sql} AND ${beyond.sql}` : base.sql
  return {
    sql: `WHERE ${where} ORDER BY ${orderOf(sort)} LIMIT ?`,
    values: [...base.values, ...(beyond?.values ?? []), options.limit],
  }
}

export function orderOf(sort: Sort): string {
  return sort
    .map(([path, direction]) => `${pathExpression(path)} ${direction === 1 ? 'ASC' : 'DESC'}`)
    .join(', ')
}

function conjunction(filter: Filter): Where {
  const parts = Object.entries(filter).map(([key, condition]) =>
    key === '$or' ? disjunction(condition as readonly Filter[]) : conditionOf(key, condition),
  )
  return {
    sql: parts.length === 0 ? 'TRUE' : parts.map(({ sql }) => sql).join(' AND '),
    values: parts.flatMap(({ values }) => values),
  }
}

function disjunction(filters: readonly Filter[]): Where {
  const parts = filters.map(conjunction)
  return {
    sql: `(${parts.map(({ sql }) => `(${sql})`).join(' OR ')})`,
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
  return {
    sql: parts.map(({ sql }) => sql).join(' AND '),
    values: parts.flatMap(({ values }) => values),
  }
}

function existence(path: string, exists: boolean): Where {
  const type = path === '_id' ? '_id' : typeExpression(path)
  return { sql: `${type} IS ${exists ? 'NOT ' : ''}NULL`, values: [] }
}

function membership(path: string, scalars: readonly unknown[]): Where {
  if (scalars.length === 0) return { sql: 'FALSE', values: [] }
  const areTexts = scalars.every((scalar) => typeof scalar === 'string')
  if (!areTexts) return disjunction(scalars.map((scalar) => ({ [path]: scalar as number })))
  const places = scalars.map(() => '?').join(', ')
  return {
    sql: `${pathExpression(path)} IN (${places})${typeGuard(path, 'text')}`,
    values: [...scalars],
  }
}

/** JSON's types do not mix as SQLite's would: `true` is not 1, and a list's text is not a string. */
function compare(path: string, comparison: string, value: unknown): Where {
  if (typeof value === 'boolean') return { sql: `${typeExpression(path)} = '${value}'`, values: [] }
  if (typeof value === 'number')
    return {
      sql: `${pathExpression(path)} ${comparison} ?${typeGuard(path, 'integer', 'real')}`,
      values: [value],
    }
  return {
    sql: `${pathExpression(path)} ${comparison} ?${typeGuard(path, 'text')}`,
    values: [String(value)],
  }
}

function typeGuard(path: string, ...types: readonly string[]): string {
  if (path === '_id') return ''
  return ` AND ${typeExpression(path)} IN (${types.map((type) => `'${type}'`).join(', ')})`
}

function typeExpression(path: string): string {
  return path === '_id' ? `'text'` : `json_type(document, '${jsonPath(path)}')`
}

/** `a.b` -> `$."a"."b"`; the port refuses quotation marks, and apostrophes are doubled for SQL. */
function jsonPath(path: string): string {
  const segments = path.split('.').map((segment) => `."${segment.replaceAll("'", "''")}"`)
  return `$${segments.join('')}`
}
