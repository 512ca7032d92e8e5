// The ephemeral port: short-lived values, counters and messages. Redis, or the embedded store, keeps its promises.

/** What became of a guess at a guarded secret. */
export type Attempt =
  /** Right: all that stood under the key is gone; nobody can take it again. */
  | { outcome: 'taken'; value: string }
  /** Wrong, and counted. `left` tries remain, 0 when this was the last one. */
  | { outcome: 'wrong'; left: number }
  /** No tries are left: the guess was not looked at, even if it was right. */
  | { outcome: 'spent' }
  /** Never set, expired, or taken already. */
  | { outcome: 'missing' }

/** A secret that can be guessed a limited number of times and taken once. */
export type Guard = {
  /** Digest of the newest secret. The digest it replaces stays good until its own expiry; older ones die. */
  digest: string
  /** When this digest stops being good, in milliseconds since 1970. */
  digestExpiresAt: number
  /** Handed to whoever takes the secret. */
  value: string
  /** How many wrong guesses are allowed in all, over every digest set under this key. */
  tries: number
  /** How long the guard lives from now, in milliseconds. */
  ttl: number
}

export type Counter = {
  /** The count in the running window, this call included. */
  count: number
  /** When the window ends, in milliseconds since 1970. */
  resetsAt: number
}

/** All in milliseconds; `now` since 1970. */
export type Turn = { now: number; gap: number; limit: number }

/**
 * Keys are made by the caller from parts that cannot hold a separator: clear addresses and other
 * input are hashed before they become part of one. All times are milliseconds. Every value expires.
 * Expiry is judged by the clock handed to the adapter (embedded) or by the server's own (Redis), on read.
 * Every method throws `StoreUnavailable` when the server behind it cannot be reached within a second.
 */
export type Ephemeral = {
  /** Stores `value` under `key` for `ttl` milliseconds, replacing what was there and its mark. */
  set(key: string, value: string, ttl: number): Promise<void>

  /** Stores only when nothing is there. Atomic: of many at once exactly one gets `true`. */
  setIfAbsent(key: string, value: string, ttl: number): Promise<boolean>

  /** The value, or `undefined` when missing or expired. */
  get(key: string): Promise<string | undefined>

  /** The value and its mark, if it has one, read in one step. */
  getMarked(key: string): Promise<{ value: string; mark: string | undefined } | undefined>

  /**
   * Marks a value, once. Atomic: of many at once exactly one gets `marked`; the value stays readable
   * until it expires, the mark with it. `missing` when there is no value.
   */
  markOnce(key: string, mark: string): Promise<'marked' | 'already' | 'missing'>

  /** Reads and removes in one atomic step: of many at once exactly one gets the value. */
  take(key: string): Promise<string | undefined>

  /** Removes the value, its mark and a guard under the same key. Removing what is not there is no error. */
  delete(key: string): Promise<void>

  /**
   * Sets a guarded secret, or adds a digest to the one that is there: its count of tries goes on,
   * `value` is replaced, and only the digest that was newest until now stays good beside the new one.
   * Returns the tries that are left.
   */
  guard(key: string, guard: Guard): Promise<{ left: number }>

  /**
   * Checks a guess, counts it when wrong and takes the secret when right, with the value that stands
   * under the same key, in one atomic step: however many arrive at once, never more than `tries` are
   * looked at and never more than one takes it.
   */
  attempt(key: string, digest: string): Promise<Attempt>

  /** Adds `by` (1 when left out) to a counter whose fixed window starts with its first count. Atomic. */
  increment(key: string, window: number, by?: number): Promise<Counter>

  /**
   * Takes one count back from the window that ends at `resetsAt`, as its increment said; nothing when that
   * window is over, and never below zero. Atomic.
   */
  takeBack(key: string, resetsAt: number): Promise<void>

  /**
   * Gives whoever asks a turn of its own: `gap` milliseconds after the one before, and at the earliest
   * `gap` after `now`. Returns when it is; `undefined`, and nobody's turn, when that is more than `limit`
   * after `now`. Atomic. The caller says what time it is, because it is the one who waits.
   */
  turn(key: string, request: Turn): Promise<number | undefined>

  /** Tells every process that subscribed to `channel`, this one included. Not kept for those away. */
  publish(channel: string, message: string): Promise<void>

  /** Calls `listener` for every message on `channel` until the returned function is called. */
  subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>>

  /** Answers when the store can be used; throws `StoreUnavailable` otherwise. For `/readyz`. */
  ping(): Promise<void>

  /** Ends all connections. */
  close(): Promise<void>
}
