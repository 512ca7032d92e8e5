// What the Client API answers, in types: records, and lists of them.

/**
 * Which part of a list is asked for.
 *
 * @example
 * const query: ListQuery = { limit: 20, status: 'confirmed' }
 */
export type ListQuery = {
  limit?: number
  /** The `next_cursor` of the page before. */
  cursor?: string
  /** Instants, ISO 8601. */
  from?: string
  to?: string
  status?: string
}

/**
 * A part of a list, and where the next one begins; `null` after the last.
 *
 * @example
 * const { items, next_cursor } = await foyer.bookings.list()
 */
export type Page<Item> = { readonly items: readonly Item[]; readonly next_cursor: string | null }

/**
 * A record of the Client API, as its documentation describes it.
 *
 * @example
 * const { given_name } = await foyer.profile.get()
 */
export type Data = { readonly [field: string]: unknown }
