// A limit for each user: a fixed window, told in headers, that outlives the store it counts in.

import type { Context } from 'koa'
import { type Clock, SECOND } from '../shared/clock.ts'
import { AppError } from '../shared/errors.ts'

export type RateLimit = {
  /** Part of the counter's key. */
  name: string
  /** Requests in a window. */
  limit: number
  /** Milliseconds. */
  window: number
}

type Counter = { count: number; resetsAt: number }

export type RateLimiterParts = {
  /** Counts in the store that processes share; left out where there is one process. */
  increment?: (key: string, window: number) => Promise<Counter>
  /** Whether the error says that the store is away: then this process counts for itself. */
  isOutage(error: unknown): boolean
  clock: Clock
}

export type RateLimiter = {
  /** Counts the request and sets `RateLimit-*`; throws `rate_limited` when it is one too many. */
  count(ctx: Context, limit: RateLimit, user: string): Promise<void>
}

export function createRateLimiter(parts: RateLimiterParts): RateLimiter {
  const { clock } = parts
  const local = createLocalCounters(clock)

  async function increment(key: string, window: number): Promise<Counter> {
    if (!parts.increment) return local(key, window)
    try {
      return await parts.increment(key, window)
    } catch (error) {
      // A limit of reads is no lock: better counted for each process than nobody served.
      if (!parts.isOutage(error)) throw error
      return local(key, window)
    }
  }

  return {
    async count(ctx, { name, limit, window }, user) {
      const { count, resetsAt } = await increment(`rate:${name}:${user}`, window)
      const seconds = Math.max(1, Math.ceil((resetsAt - clock.now()) / SECOND))
      ctx.set({
        'RateLimit-Limit': String(limit),
        'RateLimit-Remaining': String(Math.max(0, limit - count)),
        'RateLimit-Reset': String(seconds),
      })
      if (count > limit) throw new AppError('rate_limited', { retryAfter: seconds })
    },
  }
}

const MAX_COUNTERS = 50_000

function createLocalCounters(clock: Clock): (key: string, window: number) => Counter {
  const counters = new Map<string, Counter>()
  return (key, window) => {
    const known = counters.get(key)
    const counter =
      known && known.resetsAt > clock.now() ? known : { count: 0, resetsAt: clock.now() + window }
    counter.count += 1
    counters.delete(key)
    counters.set(key, counter)
    const oldest = counters.size > MAX_COUNTERS ? counters.keys().next().value : undefined
    if (oldest !== undefined) counters.delete(oldest)
    return counter
  }
}
