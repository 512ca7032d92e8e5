// The document port: everything that lasts. MongoDB, or the embedded store, keeps its promises.

/** What a document may hold: JSON. Instants are milliseconds since 1970; money is integer minor units. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json | undefined }

/** Every document has an id of its own and, but for a few of the house's, an organisation. */
export type Document = { _id: string }

type Scalar = string | number | boolean
export type Condition =
  | Scalar
  | {
      $in?: readonly Scalar[]
      $gt?: string | number
      $gte?: string | number
      $lt?: string | number
      $lte?: string | number
      $exists?: boolean
    }

/**
 * A closed subset of MongoDB's filters: equality, `$in`, `$gt $gte $lt $lte` (strings with strings,
 * numbers with numbers), `$exists`, and `$or` of such filters. Keys may be dotted paths. Filters are
 * about scalars: a path that leads to or through a list matches as the database pleases, so none does.
 * Anything else throws a TypeError at the port: nothing from a request can become an operator.
 */
export type Filter = { $or?: readonly Filter[] } & {
  [path: string]: Condition | readonly Filter[] | undefined
}

/**
 * A closed subset of MongoDB's updates. Anything else throws a TypeError at the port. What a document
 * cannot take (a number added to a text, a path through a list) is a mistake of the
 * caller's: it throws, and changes nothing.
 */
export type Update = {
  $set?: { [path: string]: Json | undefined }
  $unset?: { [path: string]: true }
  $inc?: { [path: string]: number }
  $push?: { [path: string]: Json }
  /** Removes every element equal to the scalar. */
  $pull?: { [path: string]: Scalar | null }
  $setOnInsert?: { [path: string]: Json | undefined }
}

export type Sort = readonly (readonly [path: string, direction: 1 | -1])[]

export type FindOptions = {
  sort?: Sort
  /** At most this many; required, so that no query is without bound. */
  limit: number
  /** The sort values of the last document of the page before: what follows it in the sort order is returned. */
  after?: readonly (string | number)[]
}

export type IndexSpec = {
  /** Unique within the collection; it names the violation. */
  name: string
  /** They lead to scalars: of lists and null the databases think differently. */
  keys: Sort
  /** No two documents agree in all keys. Every document has them, unless the index is sparse. */
  unique?: boolean
  /**
   * Only documents that have all the keys are in the index (and compete for uniqueness). A query finds by it
   * when its filter names all the keys.
   */
  sparse?: boolean
}

export type CollectionSpec = {
  /** lower-case-with-dashes */
  name: string
  indexes: readonly IndexSpec[]
  /** A top-level field with an instant: documents past it are removed some minutes later. Readers check it all the same. */
  expiresAt?: string
}

/** A write of a unit of work. Each has a condition; when one does not hold, none of them happens. */
export type Write =
  /** Fails on a unique violation. */
  | { in: CollectionSpec; insert: Document & { [key: string]: Json | undefined } }
  /** Fails when nothing matches. */
  | { in: CollectionSpec; update: Filter; by: Update }
  /** Fails when nothing matches, unless `optional`. */
  | { in: CollectionSpec; remove: Filter; optional?: true }

/** One of several changes; `upsert` as for `updateOne`. */
export type Change = { filter: Filter; update: Update; upsert?: true }

export type Collection<D extends Document> = {
  /** Adds a document. Throws `AlreadyExists` (with the index's name, `_id` for the id) on a unique violation. */
  insert(document: D): Promise<void>

  /** The first match in `sort` order, or `undefined`. */
  findOne(filter: Filter, options?: { sort?: Sort }): Promise<D | undefined>

  find(filter: Filter, options: FindOptions): Promise<D[]>

  /** How many match. */
  count(filter: Filter): Promise<number>

  /**
   * Changes one match in one atomic step and returns it as it is afterwards; `undefined` when nothing
   * matched. With `upsert`, whose filter names the `_id`, a document is made from the filter's equalities
   * and the update when nothing matched (two at once: one makes it, the other changes it). Throws
   * `AlreadyExists` on a unique violation: with `upsert` also when the `_id` is there but the rest of the
   * filter does not match.
   */
  updateOne(filter: Filter, update: Update, options?: { upsert?: boolean }): Promise<D | undefined>

  /**
   * Several `updateOne` in one trip, one after the other; returns how many of them changed or made a document.
   * Each is one atomic step, together they are not: whoever is interrupted leaves the first ones behind. A
   * unique violation throws `AlreadyExists`, and what would have come after it does not happen.
   */
  updateInOrder(changes: readonly Change[]): Promise<number>

  /** Removes every match; returns how many. Not atomic as a whole, each removal is. */
  deleteMany(filter: Filter): Promise<number>

  /**
   * Removes at most `limit` matches, whichever; returns how many, fewer than `limit` when no more were found.
   * So that many are removed part by part, and nobody waits for all of them.
   */
  deleteSome(filter: Filter, limit: number): Promise<number>
}

/**
 * Written is kept: a write that was answered survives a kill of the process, and on MongoDB the loss of
 * the primary (majority). Throws `StoreUnavailable` when the database cannot be reached in time; a write
 * that threw it may or may not have happened.
 */
export type Documents = {
  collection<D extends Document>(spec: CollectionSpec): Collection<D>

  /**
   * All writes happen or none. `done: false` names the first write whose condition did not hold.
   * A unique violation counts as a condition that did not hold.
   */
  unitOfWork(writes: readonly Write[]): Promise<{ done: true } | { done: false; failed: number }>

  /**
   * Makes the collections' indexes, also where one of its name was declared otherwise; returns when they
   * can be relied on. Called once at start, by every process.
   */
  prepare(specs: readonly CollectionSpec[]): Promise<void>

  /** Answers when the store can be used; throws `StoreUnavailable` otherwise. For `/readyz`. */
  ping(): Promise<void>

  close(): Promise<void>
}
