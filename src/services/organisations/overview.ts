// What an operator sees first: sign-ins of the last 30 days, and how much there is of everything.

import { type Clock, MINUTE } from '../../shared/clock.ts'
import { createFreshCache } from '../../shared/fresh-cache.ts'
import type { Organisation } from '../../stores/organisations.ts'
import type { SignInDayStore } from '../../stores/sign-in-days.ts'
import type { CountTotals, Totals } from '../../stores/totals.ts'
import { dayOf, daysUpTo } from './days.ts'

export type Overview = {
  /** 30 of them, today the last, the earliest first. */
  days: { day: string; signIns: number; newAccounts: number }[]
  /** At most five minutes old. */
  totals: Totals
}

/** Days are some seconds behind. */
export type ShowOverview = (organisation: Organisation) => Promise<Overview>

const DAYS = 30
/** Counting a million takes a while: it is done once, for everybody who looks. */
const FRESH = 5 * MINUTE
const CACHE_SIZE = 2000

export function createOverview(parts: {
  days: Pick<SignInDayStore, 'since'>
  countTotals: CountTotals
  clock: Clock
}): ShowOverview {
  const { clock } = parts
  const cache = createFreshCache<Promise<Totals>>({ clock, life: FRESH, size: CACHE_SIZE })

  function totalsOf(organisation: string): Promise<Totals> {
    const known = cache.get(organisation)
    if (known) return known
    const counting = parts.countTotals(organisation, clock.now())
    cache.set(organisation, counting)
    counting.catch(() => cache.delete(organisation))
    return counting
  }

  return async ({ _id, timeZone }) => {
    const days = daysUpTo(dayOf(clock.now(), timeZone), DAYS)
    const [counted, totals] = await Promise.all([
      // One more: after a move to the west a day may have been counted that is tomorrow now.
      parts.days.since(_id, days[0] ?? '', DAYS + 1),
      totalsOf(_id),
    ])
    const byDay = new Map(counted.map((each) => [each.day, each]))
    return {
      days: days.map((day) => {
        const { signIns = 0, newAccounts = 0 } = byDay.get(day) ?? {}
        return { day, signIns, newAccounts }
      }),
      totals,
    }
  }
}
