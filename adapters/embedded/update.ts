// The port's updates, applied to a document in memory as MongoDB would apply them.

import type { Filter, Json, Update } from '../../src/stores/documents.ts'

export type Fields = { [key: string]: Json | undefined }

/** Changes the document. Throws a TypeError, where MongoDB refuses too, when a value of another kind is in the way. */
export function applyUpdate(document: Fields, update: Update, inserting = false): void {
  for (const [path, value] of changesOf(update.$set)) put(document, path, value)
  for (const [path] of changesOf(update.$unset)) remove(document, path)
  for (const [path, by] of changesOf(update.$inc)) increment(document, path, by)
  for (const [path, value] of changesOf(update.$push)) push(document, path, value)
  for (const [path, value] of changesOf(update.$pull)) pull(document, path, value)
  if (!inserting) return
  for (const [path, value] of changesOf(update.$setOnInsert)) put(document, path, value)
}

/** What an upsert starts from: the filter's equalities. */
export function seedOf(filter: Filter): Fields {
  const seed: Fields = {}
  for (const [path, condition] of Object.entries(filter))
    if (typeof condition !== 'object') put(seed, path, condition)
  return seed
}

function changesOf<T>(changes: { [path: string]: T } | undefined): [path: string, value: T][] {
  return Object.entries(changes ?? {})
}

function put(document: Fields, path: string, value: Json | undefined): void {
  if (value === undefined) return // left out, as JSON does
  const { holder, key } = placeToWrite(document, path)
  holder[key] = value
}

function remove(document: Fields, path: string): void {
  const place = placeOf(document, path)
  if (typeof place === 'object') delete place.holder[place.key]
}

function increment(document: Fields, path: string, by: number): void {
  const place = placeToWrite(document, path)
  const value = valueAt(place)
  if (value !== undefined && typeof value !== 'number') throw new TypeError(`${path} is no number`)
  const sum = (value ?? 0) + by
  if (Math.abs(sum) > Number.MAX_SAFE_INTEGER) throw new TypeError(`${path} grows too large`)
  place.holder[place.key] = sum
}

function push(document: Fields, path: string, value: Json): void {
  const place = placeToWrite(document, path)
  const list = valueAt(place)
  if (list !== undefined && !Array.isArray(list)) throw new TypeError(`${path} is no list`)
  place.holder[place.key] = [...(list ?? []), value]
}

function pull(document: Fields, path: string, value: Json): void {
  const place = placeOf(document, path)
  const list = typeof place === 'object' ? valueAt(place) : undefined
  if (place === 'missing' || (place !== 'blocked' && list === undefined)) return
  if (place === 'blocked' || !Array.isArray(list)) throw new TypeError(`${path} is no list`)
  place.holder[place.key] = list.filter((element) => element !== value)
}

type Place = { holder: Fields; key: string }

/** A JSON document holds what it holds itself: `toString` and its like are no fields of it. */
function valueAt({ holder, key }: Place): Json | undefined {
  return Object.hasOwn(holder, key) ? holder[key] : undefined
}

function placeToWrite(document: Fields, path: string): Place {
  const place = placeOf(document, path, true)
  if (typeof place === 'string') throw new TypeError(`${path} leads through what is no object`)
  return place
}

/** The object that holds the last segment of a path; the ones on the way are made when asked for. */
function placeOf(document: Fields, path: string, make = false): Place | 'missing' | 'blocked' {
  const segments = path.split('.')
  const key = segments.pop() ?? path
  let holder = document
  for (const segment of segments) {
    if (make && !Object.hasOwn(holder, segment)) holder[segment] = {}
    const next = valueAt({ holder, key: segment })
    if (next === undefined) return 'missing'
    if (typeof next !== 'object' || next === null || Array.isArray(next)) return 'blocked'
    holder = next
  }
  return { holder, key }
}
