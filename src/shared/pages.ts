// Pages of a list: what stands on one, and the cursor that leads to the next.

import type { Cursors, ListOwner, Place } from './cursors.ts'
import { AppError } from './errors.ts'

/** `cursor` leads to the next page, and is left out on the last one. */
export type Page<Item> = { items: Item[]; cursor?: string }
export type PageRequest = { limit: number; cursor?: string }

/** A page of what is sorted by `createdAt` and id, with the cursor of the next one where there is more. */
export async function pageOf<Item extends { _id: string; createdAt: number }>(request: {
  cursors: Cursors
  list: ListOwner
  limit: number
  cursor: string | undefined
  read(page: { limit: number; after?: Place }): Promise<Item[]>
}): Promise<Page<Item>> {
  const { cursors, list, limit, cursor, read } = request
  const after = cursor === undefined ? undefined : cursors.open(list, cursor)
  if (cursor !== undefined && !after)
    throw new AppError('invalid_fields', {
      fields: [{ path: 'cursor', message: 'is none of this list' }],
    })
  const found = await read({ limit: limit + 1, ...(after && { after }) })
  const items = found.slice(0, limit)
  const last = items.at(-1)
  if (found.length <= limit || !last) return { items }
  return { items, cursor: cursors.make(list, { at: last.createdAt, id: last._id }) }
}
