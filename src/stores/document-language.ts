// The closed subset of MongoDB's language: checked here, at the port, before any adapter sees it.

import type { Filter, Json, Sort, Update } from './documents.ts'

const comparisons = new Set(['$in', '$gt', '$gte', '$lt', '$lte', '$exists'])
const operators = new Set(['$set', '$unset', '$inc', '$push', '$pull', '$setOnInsert'])
const forbiddenSegments = new Set(['__proto__', 'constructor', 'prototype'])

/** Throws a TypeError unless the filter lies in the subset. */
export function checkFilter(filter: Filter): void {
  for (const [key, condition] of Object.entries(filter)) {
    if (key === '$or') checkAlternatives(condition)
    else {
      checkPath(key)
      checkCondition(key, condition)
    }
  }
}

/** Throws a TypeError unless the update lies in the subset and changes neither `_id` nor one path twice. */
export function checkUpdate(update: Update): void {
  const touched: string[] = []
  for (const [operator, changes] of Object.entries(update)) {
    if (!operators.has(operator)) throw new TypeError(`${operator} is not an update of the subset`)
    if (!isPlainObject(changes)) throw new TypeError(`${operator} takes an object`)
    for (const [path, value] of Object.entries(changes)) {
      checkPath(path)
      if (path === '_id') throw new TypeError('_id never changes')
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
  checkJson(document, '')
}

/** The sort with `_id` at its end, so that no two documents stand in the same place. */
export function completeSort(sort: Sort = []): Sort {
  for (const [path, direction] of sort) {
    checkPath(path)
    if (direction !== 1 && direction !== -1) throw new TypeError(`${path} sorts by 1 or -1`)
  }
  const last = sort.at(-1)
  return sort.some(([path]) => path === '_id') ? sort : [...sort, ['_id', last?.[1] ?? 1]]
}

/** What stands after a place in a complete sort order: equal in the first keys, beyond in the next one. */
export function filterAfter(sort: Sort, after: readonly (string | number)[]): Filter {
  if (after.length !== sort.length)
    throw new TypeError(`a place in this order has ${sort.length} values`)
  const alternatives = sort.map(([path, direction], index): Filter => {
    const equal = sort.slice(0, index).map(([each], at) => [each, after[at]])
    const beyond = direction === 1 ? { $gt: after[index] } : { $lt: after[index] }
    return { ...Object.fromEntries(equal), [path]: beyond }
  })
  return { $or: alternatives }
}

function checkAlternatives(alternatives: unknown): void {
  if (!Array.isArray(alternatives) || alternatives.length === 0)
    throw new TypeError('$or takes a list of filters')
  for (const alternative of alternatives) {
    if (!isPlainObject(alternative)) throw new TypeError('$or takes a list of filters')
    checkFilter(alternative as Filter) // checked by the call itself
  }
}

function checkCondition(path: string, condition: unknown): void {
  if (isScalar(condition)) return
  if (!isPlainObject(condition) || Object.keys(condition).length === 0)
    throw new TypeError(`${path}: a condition is a scalar or operators`)
  for (const [operator, value] of Object.entries(condition)) {
    if (!comparisons.has(operator)) throw new TypeError(`${path}: ${operator} is not in the subset`)
    if (!isOperand(operator, value))
      throw new TypeError(`${path}: ${operator} does not take this value`)
  }
}

function isOperand(operator: string, value: unknown): boolean {
  if (operator === '$exists') return typeof value === 'boolean'
  if (operator === '$in') return Array.isArray(value) && value.every(isScalar)
  return typeof value === 'string' || isNumber(value)
}

function checkChange(operator: string, path: string, value: unknown): void {
  const isGood =
    (operator === '$unset' && value === true) ||
    (operator === '$inc' && isNumber(value)) ||
    (operator === '$pull' && (value === null || isScalar(value))) ||
    operator === '$set' ||
    operator === '$push' ||
    operator === '$setOnInsert'
  if (!isGood) throw new TypeError(`${operator} does not take this value for ${path}`)
  if (operator === '$push' && value === undefined) throw new TypeError('$push takes a value')
  checkJson(value, path)
}

/** MongoDB refuses two changes where one lies inside the other; so does the subset. */
function refuseOverlap(paths: readonly string[]): void {
  const sorted = paths.toSorted()
  for (const [index, path] of sorted.entries()) {
    const clash = sorted
      .slice(index + 1)
      .find((other) => other === path || other.startsWith(`${path}.`))
    if (clash !== undefined) throw new TypeError(`${path} and ${clash} are changed at once`)
  }
}

function checkPath(path: string): void {
  for (const segment of path.split('.')) checkSegment(segment)
}

function checkSegment(segment: string): void {
  if (segment === '' || segment.startsWith('$') || segment.includes('\0'))
    throw new TypeError(`${JSON.stringify(segment)} is no part of a path`)
  if (forbiddenSegments.has(segment)) throw new TypeError(`${segment} is no part of a path`)
  if (segment.includes('"')) throw new TypeError('a path has no quotation marks')
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

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'boolean' || isNumber(value)
}

function isPlainObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
