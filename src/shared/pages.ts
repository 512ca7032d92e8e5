// Pages of a list: what stands on one, and the cursor that leads to the next.

import type { Cursors, ListOwner, Place } from './cursors.ts'
import { AppError } from './errors.ts'

/** `nextCursor` leads to the next page, and is null on the last one. */
export type Page<Item> = { items: Item[]; nextCursor: string | null }
export type PageRequest = { limit: number; cursor?: string | undefined }

/** Where the page begins; `undefined` for the first one. Throws `bad_request` for a cursor that is none of this list. */
export function placeAfter<At>(
  cursors: { open(list: ListOwner, cursor: string): At | undefined },
  list: ListOwner,
  cursor: string | undefined,
): At | undefined {
  if (cursor === undefined) return undefined
  const place = cursors.open(list, cursor)
  if (!place) throw new AppError('bad_request', { message: 'The cursor is none of this list' })
  return place
}

/** A list as it is asked for: whose it is, and how much of it from where. */
type ListRequest = PageRequest & { cursors: Cursors; list: ListOwner }

/**
 * A page of a list, with the cursor of the next one where there is more. `placeOf` says where an item stands; one
 * more than is shown is read. Throws `bad_request` for a cursor that is none of this list.
 */
export async function pageBy<Item>(
  { cursors, list, limit, cursor }: ListRequest,
  placeOf: (item: Item) => Place,
  read: (page: { limit: number; after?: Place }) => Promise<Item[]>,
): Promise<Page<Item>> {
  const after = placeAfter(cursors, list, cursor)
  const found = await read({ limit: limit + 1, ...(after && { after }) })
  const items = found.slice(0, limit)
  const last = found.length > limit ? items.at(-1) : undefined
  return { items, nextCursor: last ? cursors.make(list, placeOf(last)) : null }
}

/** The same of what is sorted by `createdAt` and id. */
export function pageOf<Item extends { _id: string; createdAt: number }>({
  read,
  ...request
}: ListRequest & {
  read(page: { limit: number; after?: Place }): Promise<Item[]>
}): Promise<Page<Item>> {
  return pageBy(request, ({ _id, createdAt }) => ({ at: createdAt, id: _id }), read)
}

/** All of a list, page by page, or its first `most`. */
export async function everyPage<Item>(
  read: (request: { limit: number; cursor: string | undefined }) => Promise<Page<Item>>,
  most = Number.POSITIVE_INFINITY,
): Promise<Item[]> {
  const found: Item[] = []
  let cursor: string | undefined
  do {
    const page = await read({ limit: Math.min(100, most - found.length), cursor })
    found.push(...page.items)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined && found.length < most)
  return found
}
