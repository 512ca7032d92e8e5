// The closed subset of MongoDB's language: checked here, at the port, before any adapter sees it.

import type { CollectionSpec, Filter, Json, Sort, Update } from './documents.ts'

const orders = new Set(['$gt', '$gte', '$lt', '$lte'])
const operators = new Set(['$set', '$unset', '$inc', '$push', '$pull', '$setOnInsert'])
/** Names that reach into JavaScript's objects themselves. */
const forbiddenSegments = new Set(['__proto__', 'constructor', 'prototype'])
/** Who a document is and whose: always strings, so that nothing else can stand in for them. */
const identifiers = new Set(['_id', 'organisation'])

/** Throws a TypeError unless the filter lies in the subset. */
export function checkFilter(filter: Filter): void {
  if (!isPlainObject(filter)) throw new TypeError('a filter is an object')
  for (const [key, condition] of Object.entries(filter)) {
    if (key === '$or') checkAlternatives(condition)
    else checkCondition(key, condition)
  }
}

/**
 * Throws a TypeError unless a document can be made from the filter, and in one way only. `$in` and `$or`
 * are refused: MongoDB takes a list of one for an equality, and a list of two not.
 */
export function checkUpsert(filter: Filter): void {
  checkFilter(filter)
  if (typeof filter._id !== 'string') throw new TypeError('an upsert names the _id in its filter')
  for (const [key, condition] of Object.entries(filter))
    if (key === '$or' || (isPlainObject(condition) && '$in' in condition))
      throw new TypeError(`${key}: an upsert takes no alternatives`)
}

/** Throws a TypeError unless the update lies in the subset and changes neither `_id` nor one path twice. */
export function checkUpdate(update: Update): void {
  if (!isPlainObject(update) || Object.keys(update).length === 0)
    throw new TypeError('an update is an object of operators')
  const touched: string[] = []
  for (const [operator, changes] of Object.entries(update)) {
    if (!operators.has(operator)) throw new TypeError(`${operator} is not an update of the subset`)
    if (!isPlainObject(changes)) throw new TypeError(`${operator} takes an object`)
    for (const [path, value] of Object.entries(changes)) {
      checkChange(operator, path, value)
      touched.push(path)
    }
  }
  refuseOverlap(touched)
}

/** Throws a TypeError unless the value is a document of JSON with an `_id` and ordinary keys. */
export function checkDocument(document: unknown): void {
  if (!isPlainObject(document)) throw new TypeError('a document is an object')
  if (typeof document._id !== 'string' || document._id === '')
    throw new TypeError('a document has an _id')
  if (document.organisation !== undefined && typeof document.organisation !== 'string')
    throw new TypeError('organisation is a string')
  checkJson(document, '')
}

/** Throws a TypeError unless the sort names paths and directions. */
function checkSort(sort: Sort): void {
  if (!Array.isArray(sort)) throw new TypeError('a sort is a list')
  for (const [path, direction] of sort) {
    checkPath(path)
    if (direction !== 1 && direction !== -1) throw new TypeError(`${path} sorts by 1 or -1`)
  }
}

/** Throws a TypeError unless the limit is one: to MongoDB 0, and to SQLite -1, is no limit at all. */
export function checkLimit(limit: number): void {
  if (!Number.isSafeInteger(limit) || limit < 1) throw new TypeError('a limit is 1 or more')
}

/** Throws a TypeError unless the names in the spec can stand in a database's own statements. */
export function checkCollection(spec: CollectionSpec): void {
  for (const name of [spec.name, ...spec.indexes.map((index) => index.name)])
    if (!/^[a-z][a-z0-9-]*$/.test(name))
      throw new TypeError(`${JSON.stringify(name)} is not lower-case-with-dashes`)
  for (const { name, keys } of spec.indexes) {
    checkSort(keys)
    if (keys.length === 0) throw new TypeError(`the index ${name} has no keys`)
  }
  if (spec.expiresAt === undefined) return
  checkPath(spec.expiresAt)
  if (spec.expiresAt.includes('.')) throw new TypeError('expiresAt names a top-level field')
}

/** The sort with `_id` at its end, so that no two documents stand in the same place. */
export function completeSort(sort: Sort = []): Sort {
  checkSort(sort)
  if (sort.some(([path]) => path === '_id')) return sort
  return [...sort, ['_id', sort.at(-1)?.[1] ?? 1]]
}

/**
 * What stands after a place in a complete sort order: equal in the first keys, beyond in the next one.
 * The bound on the first key says nothing new; it lets an index begin there.
 */
export function filterAfter(sort: Sort, after: readonly (string | number)[]): Filter {
  const [first] = sort
  const [start] = after
  if (!first || start === undefined || after.length !== sort.length)
    throw new TypeError(`a place in this order has ${sort.length} values`)
  const alternatives = sort.map(([path, direction], index): Filter => {
    const equal = sort.slice(0, index).map(([each], at) => [each, after[at]])
    const beyond = direction === 1 ? { $gt: after[index] } : { $lt: after[index] }
    return { ...Object.fromEntries(equal), [path]: beyond }
  })
  const [path, direction] = first
  const bound: Filter = { [path]: direction === 1 ? { $gte: start } : { $lte: start } }
  return { ...bound, $or: alternatives }
}

function checkAlternatives(alternatives: unknown): void {
  if (!Array.isArray(alternatives) || alternatives.length === 0)
    throw new TypeError('$or takes a list of filters')
  for (const alternative of alternatives) checkFilter(alternative)
}

function checkCondition(path: string, condition: unknown): void {
  checkPath(path)
  const operands = isPlainObject(condition) ? operandsOf(path, condition) : [condition]
  const types = new Set(operands.map((operand) => typeof operand))
  if (!operands.every(isScalar)) throw new TypeError(`${path}: this is no scalar of the subset`)
  if (types.size > 1) throw new TypeError(`${path}: types are not mixed`)
  if (identifiers.has(path) && types.size > 0 && !types.has('string'))
    throw new TypeError(`${path} is a string`)
}

/** What the operators of one condition compare with. */
function operandsOf(path: string, condition: { [operator: string]: unknown }): unknown[] {
  const entries = Object.entries(condition)
  if (entries.length === 0) throw new TypeError(`${path}: a condition has operators`)
  return entries.flatMap(([operator, value]): unknown[] => {
    if (operator === '$exists' && typeof value === 'boolean') return []
    if (operator === '$in' && Array.isArray(value)) return value
    if (orders.has(operator) && (isString(value) || isNumber(value))) return [value]
    throw new TypeError(`${path}: ${operator} with this value is not in the subset`)
  })
}

function checkChange(operator: string, path: string, value: unknown): void {
  checkPath(path)
  if (path === '_id' || path.startsWith('_id.')) throw new TypeError('_id never changes')
  const sets = operator === '$set' || operator === '$setOnInsert'
  const isGood =
    sets ||
    (operator === '$push' && value !== undefined) ||
    (operator === '$unset' && value === true) ||
    (operator === '$inc' && isNumber(value)) ||
    (operator === '$pull' && (value === null || isScalar(value)))
  if (!isGood) throw new TypeError(`${operator} does not take this value for ${path}`)
  if (identifiers.has(path) && !(sets && typeof value === 'string'))
    throw new TypeError(`${path} is a string`)
  checkJson(value, path)
}

/** MongoDB refuses two changes where one lies inside the other; so does the subset. */
function refuseOverlap(paths: readonly string[]): void {
  const known = new Set(paths)
  if (known.size < paths.length) throw new TypeError('a path is changed twice at once')
  for (const path of paths)
    for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1))
      if (known.has(path.slice(0, dot)))
        throw new TypeError(`${path} is changed twice at once: itself and what holds it`)
}

/** Paths stand in the stores' code and are few: each is checked once. */
const goodPaths = new Set<unknown>()
const MAX_GOOD_PATHS = 1000

function checkPath(path: unknown): void {
  if (goodPaths.has(path)) return
  if (typeof path !== 'string') throw new TypeError('a path is a string')
  for (const segment of path.split('.')) {
    checkSegment(segment)
    // MongoDB takes digits for a place in a list, the embedded store for a name.
    if (/^\d+$/.test(segment)) throw new TypeError(`${path}: digits are no part of a path`)
  }
  if (goodPaths.size < MAX_GOOD_PATHS) goodPaths.add(path)
}

/** Quotation marks and backslashes would have to be escaped in SQLite's paths. */
function checkSegment(segment: string): void {
  if (!/^[^$"\\\0][^"\\\0]*$/.test(segment) || !segment.isWellFormed())
    throw new TypeError(`${JSON.stringify(segment)} is no part of a path`)
  if (forbiddenSegments.has(segment)) throw new TypeError(`${segment} is no part of a path`)
}

/** Keys with a dot or a leading `$` could not be told from paths and operators: they are refused. */
function checkJson(value: unknown, path: string): asserts value is Json | undefined {
  if (value === undefined || value === null || isScalar(value)) return
  if (Array.isArray(value)) {
    for (const element of value) {
      if (element === undefined) throw new TypeError(`${path}: a list has no gaps`)
      checkJson(element, path)
    }
    return
  }
  if (!isPlainObject(value)) throw new TypeError(`${path}: only JSON is stored`)
  for (const [key, member] of Object.entries(value)) {
    if (key.includes('.')) throw new TypeError(`${path}: a key has no dot`)
    checkSegment(key)
    checkJson(member, path === '' ? key : `${path}.${key}`)
  }
}

/** Whole numbers beyond 2^53 lose digits on their way through JSON: they are refused. */
function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER
}

/** A lone surrogate has no UTF-8: one database would keep it, the other replace it. */
function isString(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed()
}

function isScalar(value: unknown): value is string | number | boolean {
  return isString(value) || typeof value === 'boolean' || isNumber(value)
}

/** An object of its own keys only: no date, no map, no instance. Asked this way it holds in every realm. */
function isPlainObject(value: unknown): value is { [key: string]: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
