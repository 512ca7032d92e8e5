// One list out of several: what the first finds, then what the second finds besides, and so on.

import type { ListOwner } from './cursors.ts'
import { type Page, type PageRequest, placeAfter } from './pages.ts'
import type { TextCursors } from './text-cursors.ts'

/** A page of what the views find. Throws `bad_request` for a cursor that is none of this list. */
export async function chainPage<Item>(
  views: readonly View<Item>[],
  request: PageRequest & { cursors: TextCursors; list: ListOwner },
): Promise<Page<Item>> {
  const { cursors, list, limit, cursor } = request
  const from = placeAfter(cursors, list, cursor)
  const { items, next } = await readChain(views, { limit, from: from as ChainPlace | undefined }) // we made it
  return { items, nextCursor: next ? cursors.make(list, next) : null }
}

export type View<Item> = {
  name: string
  /** What it is sorted by, and the id. */
  placeOf(item: Item): readonly [key: string, id: string]
  /** Whether it finds the item. */
  finds(item: Item): boolean
  /** At most `limit`, after a place. */
  read(limit: number, after: readonly [string, string] | undefined): Promise<Item[]>
}

/** A view, and where it goes on; without `key` and `id` at its beginning. */
type ChainPlace = readonly [view: string, ...place: readonly string[]]

/**
 * A request reads no more batches than these: where nearly everything was found by an earlier view, its page is
 * a short one.
 */
const MOST_BATCHES = 10

/** `next` is where the next page begins, left out where there is none. */
async function readChain<Item>(
  views: readonly View<Item>[],
  { limit, from }: { limit: number; from?: ChainPlace | undefined },
): Promise<{ items: Item[]; next?: ChainPlace }> {
  const found: { item: Item; place: ChainPlace }[] = []
  let place: ChainPlace | undefined = from ?? beginningOf(views[0])
  // One more than is wanted tells whether there is a next page.
  for (let batches = 0; place && found.length <= limit && batches < MOST_BATCHES; batches += 1) {
    const at = views.findIndex(({ name }) => name === place?.[0])
    const view = views[at]
    if (!view) break
    const [, key, id] = place
    const wanted = limit + 1 - found.length
    const after = key !== undefined && id !== undefined ? ([key, id] as const) : undefined
    const batch = await view.read(wanted, after)
    for (const item of batch) {
      place = [view.name, ...view.placeOf(item)]
      const isNew = !views.slice(0, at).some(({ finds }) => finds(item))
      if (isNew) found.push({ item, place })
    }
    if (batch.length < wanted) place = beginningOf(views[at + 1])
  }
  const page = found.slice(0, limit)
  const next = found.length > limit ? page.at(-1)?.place : place
  return { items: page.map(({ item }) => item), ...(next && { next }) }
}

function beginningOf<Item>(view: View<Item> | undefined): ChainPlace | undefined {
  return view && [view.name]
}
