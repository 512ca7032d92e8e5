// What a section tells the shell of itself: where it stands, who sees it, and what Ctrl-K finds in it.

import type { FunctionComponent } from 'preact'
import type { Role } from './state/operator.ts'

export type Found = { id: string; title: string; detail?: string; href: string }

export type Section = {
  title: string
  /** Below the organisation's own address; empty for the first page. */
  path: string
  /** Who sees it: this role, and those that may do more. */
  least: Role
  /** Its pages, each a chunk of its own; `path` is below the organisation's address, as preact-iso has it. */
  pages: readonly { path: string; page: FunctionComponent }[]
  search?: Search
}

export type Search = {
  /** Below `/organisations/{slug}`: a list that takes `q`. */
  path: string
  found(item: unknown): Found
}

/** Lets Ctrl-K look in a list of the API; `href` of what was found is below the organisation's address. */
export function searchIn<Item>(path: string, found: (item: Item) => Found): Search {
  return { path, found: (item) => found(item as Item) } // what the list at this path holds, named by the caller
}
