// Pages of a list: what stands on one, and the cursor that leads to the next.

import type { Cursors, ListOwner, Place } from './cursors.ts'
import { AppError } from './errors.ts'

/** `cursor` leads to the next page, and is left out on the last one. */
export type Page<Item> = { items: Item[]; cursor?: string }
export type PageRequest = { limit: number; cursor?: string }

/** Where the page begins; `undefined` for the first one. Throws `bad_request` for a cursor that is none of this list. */
export function placeAfter(
  cursors: Pick<Cursors, 'open'>,
  list: ListOwner,
  cursor: string | undefined,
): Place | undefined {
  if (cursor === undefined) return undefined
  const place = cursors.open(list, cursor)
  if (!place) throw new AppError('bad_request', { message: 'The cursor is none of this list' })
  return place
}

/** A page of what is sorted by `createdAt` and id, with the cursor of the next one where there is more. */
export async function pageOf<Item extends { _id: string; createdAt: number }>(request: {
  cursors: Cursors
  list: ListOwner
  limit: number
  cursor: string | undefined
  read(page: { limit: number; after?: Place }): Promise<Item[]>
}): Promise<Page<Item>> {
  const { cursors, list, limit, cursor, read } = request
  const after = placeAfter(cursors, list, cursor)
  const found = await read({ limit: limit + 1, ...(after && { after }) })
  const items = found.slice(0, limit)
  const last = items.at(-1)
  if (found.length <= limit || !last) return { items }
  return { items, cursor: cursors.make(list, { at: last.createdAt, id: last._id }) }
}
