// A page of a list, as every list of both APIs answers it.

import type { Page } from '../shared/pages.ts'

/** `show` makes of an item what the contract has. */
export function pageData<Item, Shown>(
  { items, nextCursor }: Page<Item>,
  show: (item: Item) => Shown,
): { items: Shown[]; next_cursor: string | null } {
  return { items: items.map((item) => show(item)), next_cursor: nextCursor }
}

/** Of a list that has one page. */
export function onlyPage<Shown>(items: Shown[]): { items: Shown[]; next_cursor: null } {
  return { items, next_cursor: null }
}
