// A bounded memory of what was read a moment ago.

import { putBounded } from './bounded-map.ts'
import type { Clock } from './clock.ts'

export type FreshCache<T> = {
  /** What was put there less than `life` ago. */
  get(key: string): T | undefined
  /** Remembers; when it is full, what has been there longest goes. */
  set(key: string, value: T): void
  delete(key: string): void
  clear(): void
}

/** `life` in milliseconds; `size` is how many entries are kept at the most. */
export function createFreshCache<T>(options: {
  clock: Clock
  life: number
  size: number
}): FreshCache<T> {
  const { clock, life, size } = options
  const entries = new Map<string, { value: T; from: number }>()
  return {
    get(key) {
      const entry = entries.get(key)
      const now = clock.now()
      // A clock that was ahead is set back: what was put there by it is of no known age.
      if (entry && entry.from <= now && now < entry.from + life) return entry.value
      entries.delete(key)
      return undefined
    },

    set(key, value) {
      const entry = { value, from: clock.now() }
      putBounded(entries, { key, value: entry, most: size })
    },

    delete(key) {
      entries.delete(key)
    },

    clear() {
      entries.clear()
    },
  }
}
