// What a store throws: two things only.

/** A unique index, or the id itself, already has this value. */
export class AlreadyExists extends Error {
  override readonly name = 'AlreadyExists'
  readonly collection: string
  /** The index's name from the collection's spec; `_id` for the id. */
  readonly index: string

  constructor(collection: string, index: string, options?: ErrorOptions) {
    super(`${collection}: ${index} is taken`, options)
    this.collection = collection
    this.index = index
  }
}

/** The store behind a port cannot be reached, or did not answer in time. A write may or may not have happened. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
  /** Which store, for the log. */
  readonly store: string

  constructor(store: string, options?: ErrorOptions) {
    super(`${store} is unavailable`, options)
    this.store = store
  }
}
