// A limit for each user: a fixed window, told in headers, that outlives the store it counts in.

import type { Context } from 'koa'
import { putBounded } from '../shared/bounded-map.ts'
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
  /** Counts so many in the store that processes share; left out where there is one process. */
  increment?: (key: string, window: number, by: number) => Promise<Counter>
  /** Whether the error says that the store is away: then this process counts for itself. */
  isOutage(error: unknown): boolean
  clock: Clock
}

export type RateLimiter = {
  /**
   * Counts the request and sets `RateLimit-*`; throws `rate_limited` when it is one too many. Where processes
   * share the count each takes some of a large limit in advance: of what others have taken nobody knows whether
   * it is used.
   */
  count(ctx: Context, limit: RateLimit, user: string): Promise<void>
}

export function createRateLimiter(parts: RateLimiterParts): RateLimiter {
  const { clock } = parts
  const local = createLocalCounters(clock)
  const shared = parts.increment && createSharedCounters(parts.increment, clock)

  async function increment(key: string, { limit, window }: RateLimit): Promise<Counter> {
    if (!shared) return local(key, window)
    try {
      return await shared(key, window, Math.max(1, Math.floor(limit / PARTS)))
    } catch (error) {
      // A limit of reads is no lock: better counted for each process than nobody served.
      if (!parts.isOutage(error)) throw error
      return local(key, window)
    }
  }

  return {
    async count(ctx, plan, user) {
      const { name, limit } = plan
      const { count, resetsAt } = await increment(`rate:${name}:${user}`, plan)
      const seconds = Math.max(1, Math.ceil((resetsAt - clock.now()) / SECOND))
      ctx.res
        .setHeader('RateLimit-Limit', limit)
        .setHeader('RateLimit-Remaining', Math.max(0, limit - count))
        .setHeader('RateLimit-Reset', seconds)
      if (count > limit) throw new AppError('rate_limited', { retryAfter: seconds })
    },
  }
}

/** A process takes one of so many parts of a limit at a time: small limits are counted one by one. */
const PARTS = 32

const MAX_COUNTERS = 50_000

/** What the store has counted of a user, how many of those this process has not used yet, and whether it came too late. */
type Taken = Counter & { unused: number; isOver: boolean }

/** Asks the store for a few requests at once: most requests then ask nobody. */
function createSharedCounters(increment: NonNullable<RateLimiterParts['increment']>, clock: Clock) {
  const counters = new Map<string, Taken>()
  return async (key: string, window: number, by: number): Promise<Counter> => {
    const known = counters.get(key)
    if (known && known.unused > 0 && known.resetsAt > clock.now()) {
      known.unused -= 1
      return { ...known, count: known.count - known.unused }
    }
    // By a clock ahead of the store's, what was taken is over at once: from then on one by one.
    const many = known?.isOver ? 1 : by
    const counted = await increment(key, window, many)
    if (by === 1) return counted
    const taken =
      counted.resetsAt > clock.now()
        ? joined({ ...counted, unused: many - 1, isOver: false }, counters.get(key))
        : { ...counted, unused: 0, isOver: true }
    putBounded(counters, { key, value: taken, most: MAX_COUNTERS })
    return { ...taken, count: taken.count - taken.unused }
  }
}

/** With what requests at the same time have taken of the same window. */
function joined(taken: Taken, other: Taken | undefined): Taken {
  if (!other || Math.abs(other.resetsAt - taken.resetsAt) >= SECOND) return taken
  return {
    ...taken,
    count: Math.max(taken.count, other.count),
    unused: taken.unused + other.unused,
  }
}

function createLocalCounters(clock: Clock): (key: string, window: number) => Counter {
  const counters = new Map<string, Counter>()
  return (key, window) => {
    const known = counters.get(key)
    if (known && known.resetsAt > clock.now()) {
      known.count += 1
      return known
    }
    const counter = { count: 1, resetsAt: clock.now() + window }
    putBounded(counters, { key, value: counter, most: MAX_COUNTERS })
    return counter
  }
}
