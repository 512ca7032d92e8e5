// The port's updates, applied to a document in memory as MongoDB would apply them.

import type { Filter, Json, Update } from '../../src/stores/documents.ts'

type Fields = { [key: string]: Json | undefined }

/** The document as it is after the update; the one given stays as it was. */
export function applyUpdate(document: Fields, update: Update, inserting = false): Fields {
  const changed = structuredClone(document)
  for (const [path, value] of Object.entries(update.$set ?? {})) put(changed, path, value)
  for (const path of Object.keys(update.$unset ?? {})) remove(changed, path)
  for (const [path, by] of Object.entries(update.$inc ?? {})) increment(changed, path, by)
  for (const [path, value] of Object.entries(update.$push ?? {})) push(changed, path, value)
  for (const [path, value] of Object.entries(update.$pull ?? {})) pull(changed, path, value)
  if (inserting)
    for (const [path, value] of Object.entries(update.$setOnInsert ?? {})) put(changed, path, value)
  return changed
}

/** What an upsert starts from: the filter's equalities. */
export function seedOf(filter: Filter): Fields {
  const seed: Fields = {}
  for (const [path, condition] of Object.entries(filter))
    if (path !== '$or' && typeof condition !== 'object') put(seed, path, condition)
  if (typeof seed._id !== 'string') throw new TypeError('an upsert names the _id in its filter')
  return seed
}

function put(document: Fields, path: string, value: Json | undefined): void {
  if (value === undefined) return
  const { parent, key } = holderOf(document, path, true)
  if (parent) parent[key] = structuredClone(value)
}

function remove(document: Fields, path: string): void {
  const { parent, key } = holderOf(document, path, false)
  if (parent) delete parent[key]
}

function increment(document: Fields, path: string, by: number): void {
  const { parent, key } = holderOf(document, path, true)
  const value = parent?.[key] ?? 0
  if (!parent || typeof value !== 'number') throw new TypeError(`${path} is no number`)
  parent[key] = value + by
}

function push(document: Fields, path: string, value: Json): void {
  const { parent, key } = holderOf(document, path, true)
  const list = parent?.[key] ?? []
  if (!parent || !Array.isArray(list)) throw new TypeError(`${path} is no list`)
  parent[key] = [...list, structuredClone(value)]
}

function pull(document: Fields, path: string, value: Json): void {
  const { parent, key } = holderOf(document, path, false)
  const list = parent?.[key]
  if (list === undefined) return
  if (!parent || !Array.isArray(list)) throw new TypeError(`${path} is no list`)
  parent[key] = list.filter((element) => element !== value)
}

/** The object that holds the last segment of a path; made on the way when asked for. */
function holderOf(
  document: Fields,
  path: string,
  make: boolean,
): { parent: Fields | undefined; key: string } {
  const segments = path.split('.')
  const key = segments.pop() ?? path
  let parent: Fields = document
  for (const segment of segments) {
    if (parent[segment] === undefined) {
      if (!make) return { parent: undefined, key }
      parent[segment] = {}
    }
    const next = parent[segment]
    if (typeof next !== 'object' || next === null || Array.isArray(next)) {
      if (!make) return { parent: undefined, key }
      throw new TypeError(`${path} leads through something that is no object`)
    }
    parent = next
  }
  return { parent, key }
}
