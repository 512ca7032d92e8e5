// The guess budget of an address: taken from before a code is looked at, given back when it need not count.

import type { Clock } from '../../../shared/clock.ts'
import { DAY } from '../../../shared/clock.ts'
import type { Keyring } from '../../../shared/secrets.ts'
import type { GuessBudget, GuessBudgetStore, KnownGuess } from '../../../stores/guess-budgets.ts'
import type { SignInSettings } from './settings.ts'

/** Which budget: an organisation's, for a normalised address. */
export type BudgetOwner = { organisation: string; email: string }

export type TakenGuess = {
  /** The budget with it. */
  budget: GuessBudget
  at: number
  /** How many guesses of the last 24 hours stood before it; not told of a known browser's own. */
  before?: number
  /** When this guess was the last one: until when a wrong one leaves the address locked. */
  locksUntil?: number
  /** It was taken from what this known browser has of its own. */
  browser?: string
}

export type GuessBudgets = {
  /**
   * Takes one guess, for a known browser from its own when those of the address are spent; `undefined`
   * when there is none: then no code may be looked at.
   */
  take(
    owner: BudgetOwner,
    settings: SignInSettings,
    browser?: string,
  ): Promise<TakenGuess | undefined>
  /** No wrong code was looked at: the guess is given back, and with it the lock that it would have caused. */
  giveBack(guess: TakenGuess): Promise<void>
  /** Whether codes are neither sent to this browser nor accepted from it now. */
  isLocked(owner: BudgetOwner, settings: SignInSettings, browser?: string): Promise<boolean>
  /** Nothing is known of the address any more. */
  forget(owner: BudgetOwner): Promise<void>
}

/** Each lock in a row is longer than the one before: multiples of `guessLock`. */
export const LOCK_STEPS: readonly number[] = [1, 2, 4, 8, 24]
const WINDOW = DAY
/** How long a budget is kept after its last guess and its lock: longer than either is looked at. */
const KEPT = 2 * DAY
/** How often a change that lost against another one is tried anew; then the guess is refused. */
const TRIES = 30

export function createGuessBudgets(parts: {
  store: GuessBudgetStore
  keyring: Keyring
  clock: Clock
}): GuessBudgets {
  const { store, keyring, clock } = parts

  /** The budget's id. One that was kept under an older value of `SECRET` moves to it first. */
  async function idOf({ organisation, email }: BudgetOwner): Promise<string> {
    const [id = '', ...older] = keyring.digests('address', organisation, email)
    for (const each of older) {
      const budget = await store.find(organisation, each)
      if (budget) await store.copy(budget, id) // where it has moved already, it stays as it is
    }
    return id
  }

  /** With the guesses of the window, this one included: the last of them closes the address in advance. */
  function settle(budget: GuessBudget, guesses: number[], settings: SignInSettings) {
    const now = clock.now()
    const locks = guesses.length >= settings.guessBudget
    const step = LOCK_STEPS[Math.min(budget.locks, LOCK_STEPS.length - 1)] ?? 1
    const lockedUntil = locks ? now + settings.guessLock * step : 0
    return store.replace(budget, {
      guesses,
      lockedUntil,
      locks: locks ? budget.locks + 1 : 0,
      expiresAt: Math.max(now, lockedUntil) + KEPT,
    })
  }

  async function takeFromAddress(
    { organisation, id }: { organisation: string; id: string },
    settings: SignInSettings,
  ): Promise<TakenGuess | undefined> {
    const limit = settings.guessBudget
    for (let tries = 0; tries < TRIES; tries += 1) {
      const now = clock.now()
      const taken = await store.take({ organisation, id, now, limit, expiresAt: now + KEPT })
      if (taken && taken.taken < limit)
        return {
          budget: taken,
          at: now,
          before: taken.guesses.filter((at) => isRecent(at, now)).length - 1,
        }
      const budget = taken ?? (await store.find(organisation, id))
      if (!budget) continue
      if (budget.lockedUntil > now) return undefined
      // Full, but not locked: old guesses are dropped. What is left may be full still, after a lock
      // that has ended: then this one guess is let through and locks again, unless it is right.
      const recent = budget.guesses.filter((at) => isRecent(at, now))
      const guesses = taken ? recent : [...recent, now]
      const settled = await settle(budget, guesses, settings)
      if (!settled) continue
      const { lockedUntil } = settled
      const locks = lockedUntil > 0 && { locksUntil: lockedUntil }
      return { budget: settled, at: now, before: guesses.length - 1, ...locks }
    }
    return undefined
  }

  async function takeFromBrowser(
    { organisation, id, browser }: { organisation: string; id: string; browser: string },
    settings: SignInSettings,
  ): Promise<TakenGuess | undefined> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const budget = await store.find(organisation, id)
      const at = clock.now()
      const known = budget && withOneMore(budget, { browser, now: at }, settings)
      if (!budget || !known) return undefined
      const settled = await store.replace(budget, { known, expiresAt: keptUntil(budget) })
      if (settled) return { budget: settled, at, browser }
    }
    return undefined
  }

  function keptUntil(budget: GuessBudget): number {
    return Math.max(clock.now(), budget.lockedUntil) + KEPT
  }

  return {
    async take(owner, settings, browser) {
      const budget = { organisation: owner.organisation, id: await idOf(owner) }
      const guess = await takeFromAddress(budget, settings)
      if (guess || browser === undefined) return guess
      return takeFromBrowser({ ...budget, browser }, settings)
    },

    async giveBack(guess) {
      let seen: GuessBudget | undefined = guess.budget
      for (let tries = 0; seen && tries < TRIES; tries += 1) {
        const change = { ...without(seen, guess), expiresAt: keptUntil(seen) }
        if (await store.replace(seen, change)) return
        seen = await store.find(seen.organisation, seen._id)
      }
    },

    async isLocked(owner, settings, browser) {
      const budget = await store.find(owner.organisation, await idOf(owner))
      if (budget === undefined || budget.lockedUntil <= clock.now()) return false
      return (
        browser === undefined ||
        withOneMore(budget, { browser, now: clock.now() }, settings) === undefined
      )
    },

    forget: ({ organisation, email }) =>
      store.remove(organisation, keyring.digests('address', organisation, email)),
  }
}

function isRecent(at: number, now: number): boolean {
  return at > now - WINDOW
}

/** The guesses of known browsers with one more of this one's; `undefined` when it has none left. */
function withOneMore(
  budget: GuessBudget,
  { browser, now }: { browser: string; now: number },
  settings: SignInSettings,
): KnownGuess[] | undefined {
  const known = (budget.known ?? []).filter(({ at }) => isRecent(at, now))
  const own = known.filter((guess) => guess.browser === browser).length
  const browsers = new Set(known.map((guess) => guess.browser)).add(browser)
  const hasOne = own < settings.knownBrowserGuesses && browsers.size <= settings.knownBrowsers
  return hasOne ? [...known, { browser, at: now }] : undefined
}

/** What giving it back makes of the budget. */
function without(budget: GuessBudget, guess: TakenGuess) {
  const { at, browser } = guess
  if (browser !== undefined) {
    const isIt = (each: KnownGuess): boolean => each.browser === browser && each.at === at
    return { known: withoutOne(budget.known ?? [], isIt) }
  }
  const guesses = withoutOne(budget.guesses, (each) => each === at)
  // A lock that somebody else's guess caused since then stays.
  const isOwnLock = budget.lockedUntil === guess.locksUntil
  return isOwnLock ? { guesses, lockedUntil: 0, locks: budget.locks - 1 } : { guesses }
}

function withoutOne<T>(list: readonly T[], isIt: (each: T) => boolean): T[] {
  const index = list.findLastIndex(isIt)
  return list.filter((_each, at) => at !== index)
}
