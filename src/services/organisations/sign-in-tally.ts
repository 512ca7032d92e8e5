// Counting sign-ins by the day: in memory on the way of the customer, in the store every few seconds.

import { setTimeout as pause } from 'node:timers/promises'
import { type Clock, DAY, SECOND } from '../../shared/clock.ts'
import type { Log } from '../../shared/log.ts'
import type { Organisation } from '../../stores/organisations.ts'
import type { SignInCount, SignInDayStore } from '../../stores/sign-in-days.ts'
import { dayOf } from './days.ts'

export type SignInTally = {
  /** Takes no time and does not fail. */
  count(organisation: Organisation, signIn: { isNew: boolean }): void
  /** Writes what was counted since the last time; what cannot be written is kept for the next. */
  flush(): Promise<void>
  /** Writes every few seconds, until the returned function is called: that writes once more, for at most `limit` milliseconds. */
  start(): (limit: number) => Promise<void>
}

/** A process that is killed loses what it counted in this time. */
const EVERY = 5 * SECOND
/** Days of one trip. */
const PART = 500
const KEPT = 400 * DAY

export function createSignInTally(parts: {
  store: Pick<SignInDayStore, 'add'>
  clock: Clock
  log: Log
}): SignInTally {
  const { store, clock, log } = parts
  let counted = new Map<string, SignInCount>()

  function add(count: SignInCount): void {
    const key = `${count.organisation}/${count.day}`
    const { signIns = 0, newAccounts = 0 } = counted.get(key) ?? {}
    counted.set(key, {
      ...count,
      signIns: signIns + count.signIns,
      newAccounts: newAccounts + count.newAccounts,
    })
  }

  async function flush(): Promise<void> {
    const all = [...counted.values()]
    counted = new Map()
    for (let at = 0; at < all.length; at += PART) {
      const part = all.slice(at, at + PART)
      try {
        await store.add(part)
      } catch (error) {
        // Some may be counted twice for it: that is better than a day on which nobody came.
        part.forEach(add)
        log.warn({ err: error, days: part.length }, 'sign-ins could not be counted yet')
      }
    }
  }

  return {
    count({ _id, timeZone }, { isNew }) {
      const now = clock.now()
      add({
        organisation: _id,
        day: dayOf(now, timeZone),
        signIns: 1,
        newAccounts: isNew ? 1 : 0,
        expiresAt: now + KEPT,
      })
    },

    flush,

    start() {
      const timer = setInterval(() => void flush(), EVERY)
      timer.unref()
      return async (limit) => {
        clearInterval(timer)
        await Promise.race([flush(), pause(limit, undefined, { ref: false })])
      }
    },
  }
}
