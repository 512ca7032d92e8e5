// The guess budget of an address: taken from before a code is looked at, given back when the code was right.

import type { Clock } from '../../shared/clock.ts'
import { DAY } from '../../shared/clock.ts'
import type { Keyring } from '../../shared/secrets.ts'
import type { GuessBudget, GuessBudgetStore } from '../../stores/guess-budgets.ts'
import type { SignInSettings } from './settings.ts'

/** Which budget: an organisation's, for a normalised address. */
export type BudgetOwner = { organisation: string; email: string }

export type TakenGuess = {
  budget: GuessBudget
  /** Whether this guess was the last one: a wrong one leaves the address locked. */
  locks: boolean
}

export type GuessBudgets = {
  /** Takes one guess; `undefined` when the budget is spent: then no code may be looked at. */
  take(owner: BudgetOwner, settings: SignInSettings): Promise<TakenGuess | undefined>
  /** The guess was right: it is given back, and with it the lock that it would have caused. */
  giveBack(guess: TakenGuess): Promise<void>
  /** Whether codes are neither sent nor accepted now. */
  isLocked(owner: BudgetOwner): Promise<boolean>
}

/** Each lock in a row is longer than the one before: multiples of `guessLock`. */
export const LOCK_STEPS: readonly number[] = [1, 2, 4, 8, 24]
const WINDOW = DAY
/** Longer than the longest lock and the window together, so that nothing is forgotten early. */
const KEPT = 3 * DAY
/** How often a change that lost against another one is tried anew; then the guess is refused. */
const TRIES = 30

export function createGuessBudgets(parts: {
  store: GuessBudgetStore
  keyring: Keyring
  clock: Clock
}): GuessBudgets {
  const { store, keyring, clock } = parts
  const idOf = (owner: BudgetOwner): string =>
    keyring.digest('address', owner.organisation, owner.email)

  /** With the guesses of the window, this one included: the last of them closes the address in advance. */
  function settle(budget: GuessBudget, guesses: number[], settings: SignInSettings) {
    const now = clock.now()
    const locks = guesses.length >= settings.guessBudget
    const step = LOCK_STEPS[Math.min(budget.locks, LOCK_STEPS.length - 1)] ?? 1
    return store.replace(budget, {
      guesses,
      lockedUntil: locks ? now + settings.guessLock * step : 0,
      locks: locks ? budget.locks + 1 : 0,
      expiresAt: now + KEPT,
    })
  }

  function recent(budget: GuessBudget): number[] {
    return budget.guesses.filter((at) => at > clock.now() - WINDOW)
  }

  async function takeFrom(
    budget: GuessBudget,
    guesses: number[],
    settings: SignInSettings,
  ): Promise<TakenGuess | undefined> {
    const settled = await settle(budget, guesses, settings)
    return settled && { budget: settled, locks: settled.lockedUntil > clock.now() }
  }

  return {
    async take(owner, settings) {
      const { organisation } = owner
      const id = idOf(owner)
      const limit = settings.guessBudget
      for (let tries = 0; tries < TRIES; tries += 1) {
        const now = clock.now()
        const taken = await store.take({ organisation, id, now, limit, expiresAt: now + KEPT })
        if (taken && taken.taken < limit) return { budget: taken, locks: false }
        const budget = taken ?? (await store.find(organisation, id))
        if (!budget) continue
        if (budget.lockedUntil > now) return undefined
        // Full, but not locked: old guesses are dropped. What is left may be full still, after a lock
        // that has ended: then this one guess is let through and locks again, unless it is right.
        const guesses = taken ? recent(budget) : [...recent(budget), now].slice(-limit)
        const guess = await takeFrom(budget, guesses, settings)
        if (guess) return guess
      }
      return undefined
    },

    async giveBack({ budget }) {
      let seen: GuessBudget | undefined = budget
      for (let tries = 0; seen && tries < TRIES; tries += 1) {
        const isUnchanged = seen.version === budget.version
        const given = await store.replace(seen, {
          guesses: seen.guesses.slice(0, -1),
          // A lock that somebody else's guess caused since then stays.
          lockedUntil: isUnchanged ? 0 : seen.lockedUntil,
          locks: isUnchanged && seen.lockedUntil > 0 ? seen.locks - 1 : seen.locks,
          expiresAt: clock.now() + KEPT,
        })
        if (given) return
        seen = await store.find(budget.organisation, budget._id)
      }
    },

    async isLocked(owner) {
      const budget = await store.find(owner.organisation, idOf(owner))
      return budget !== undefined && budget.lockedUntil > clock.now()
    },
  }
}
