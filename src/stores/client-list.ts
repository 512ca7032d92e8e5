// Lists of clients: all, those of a kind, those whose name or id begins with a text; each by an index of its own.

import type { Collection, Filter, IndexSpec } from './documents.ts'
import { startsWith } from './prefix.ts'

/** What lists go by. */
type Listed = { _id: string; kind: string; createdAt: number; search?: string }

/** Which clients of an organisation. `name`, as it is searched for, is left aside where there is an `id`. */
export type ClientFilter<Kind extends string = string> = {
  kind?: Kind
  /** How the name begins. */
  name?: string
  /** How the id begins. */
  id?: string
}

/** With the id as its last key, so that pages have an order. */
export const clientIndex = (name: string, keys: readonly string[], sparse = false): IndexSpec => ({
  name,
  keys: [...keys, '_id'].map((key) => [key, 1] as const),
  ...(sparse && { sparse }),
})

export const clientListIndexes: readonly IndexSpec[] = [
  clientIndex('created', ['organisation', 'createdAt']),
  clientIndex('kind', ['organisation', 'kind', 'createdAt']),
  clientIndex('name', ['organisation', 'search'], true),
  clientIndex('kind-name', ['organisation', 'kind', 'search'], true),
  clientIndex('id', ['organisation']),
]

export function createClientList<Client extends Listed>(
  collection: Collection<Client>,
  live: Filter,
) {
  /**
   * At most `limit`, after the one given: the oldest first; by name where they are looked for by name, and
   * by id where by id.
   */
  return (
    organisation: string,
    { limit, after, filter = {} }: { limit: number; after?: Client; filter?: ClientFilter },
  ): Promise<Client[]> => {
    const { kind, name, id } = filter
    const ofKind = { organisation, ...live, ...(kind !== undefined && { kind }) }
    if (id !== undefined)
      return collection.find(
        { ...ofKind, _id: startsWith(id, after?._id) },
        { sort: [['_id', 1]], limit, ...(after && { after: [after._id] }) },
      )
    if (name !== undefined)
      return collection.find(
        // The indexes are sparse: a query has to name all their keys.
        { ...ofKind, search: startsWith(name, after?.search), _id: { $gte: '' } },
        { sort: [['search', 1]], limit, ...placeOf(name, after) },
      )
    return collection.find(ofKind, {
      sort: [['createdAt', 1]],
      limit,
      ...(after && { after: [after.createdAt, after._id] }),
    })
  }
}

/** Nowhere when the client was given a name meanwhile that stands before them all. */
function placeOf(name: string, after: Listed | undefined): { after?: [string, string] } {
  const { search = '', _id = '' } = after ?? {}
  return search < name ? {} : { after: [search, _id] }
}
