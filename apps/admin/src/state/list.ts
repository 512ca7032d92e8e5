// A list whose filters and position stand in the address: it can be sent, kept and gone back to.

import { useLocation } from 'preact-iso/router'
import type { Listed, Query } from '../api.ts'
import { type Reading, useRead } from './queries.ts'

export type List<Item> = Reading<Listed<Item>> & {
  /** What each filter is set to; empty when it is not. */
  filters: { readonly [name: string]: string }
  hasFilters: boolean
  /** Sets a filter, or takes it away with an empty value, and goes back to the first page. */
  filter(name: string, value: string): void
  clearFilters(): void
  /** Links to the pages around this one; those are left out that are not there. */
  pages: { first?: string; previous?: string; next?: string }
}

/** Which page came before, as walked in this tab: the API's cursors lead onwards only. */
const trail = new Map<string, string>()

/**
 * `filters` are the names of those query parameters of the address that the API is asked with; `always` is asked
 * whatever the address says.
 */
export function useList<Item>(
  path: string,
  {
    filters: names = [],
    always = {},
    limit = 20,
  }: { filters?: readonly string[]; always?: Query; limit?: number } = {},
): List<Item> {
  const { path: here, query, route } = useLocation()
  const filters = Object.fromEntries(names.map((name) => [name, query[name] ?? '']))
  const { cursor = '' } = query
  const reading = useRead<Listed<Item>>(
    path,
    { ...filters, ...always, limit, cursor },
    { keepsPrevious: true },
  )

  const addressWith = (change: { [name: string]: string }): string => {
    const search = new URLSearchParams()
    for (const [name, value] of Object.entries({ ...query, cursor: '', ...change }))
      if (value !== '') search.set(name, value)
    return search.size === 0 ? here : `${here}?${search}`
  }
  const current = addressWith({ cursor })
  // The page before leads to this one, not beyond it.
  const nextCursor = reading.isPrevious ? null : (reading.data?.next_cursor ?? null)
  const next = nextCursor === null ? undefined : addressWith({ cursor: nextCursor })
  if (next !== undefined) trail.set(next, current)
  const previous = trail.get(current)
  return {
    ...reading,
    filters,
    hasFilters: Object.values(filters).some(Boolean),
    filter: (name, value) => route(addressWith({ [name]: value }), true),
    clearFilters: () =>
      route(addressWith(Object.fromEntries(names.map((name) => [name, '']))), true),
    pages: {
      ...(cursor && { first: addressWith({}) }),
      ...(cursor && previous !== undefined && { previous }),
      ...(next !== undefined && { next }),
    },
  }
}

/** A list that the API answers whole, on one page. */
export function useWholeList<Item>(path: string): List<Item> {
  const reading = useRead<Listed<Item>>(path)
  return { ...reading, filters: {}, hasFilters: false, filter() {}, clearFilters() {}, pages: {} }
}
