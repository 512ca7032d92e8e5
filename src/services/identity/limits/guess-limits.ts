// What stands before a code is looked at: the organisation's limit, the tarpit, and the budget of the address.

import { type Clock, DAY, HOUR, MINUTE, SECOND } from '../../../shared/clock.ts'
import type { Log } from '../../../shared/log.ts'
import { type Keyring, sha256 } from '../../../shared/secrets.ts'
import { sourceOf } from '../../../shared/source.ts'
import type { Counter, Ephemeral } from '../../../stores/ephemeral.ts'
import type { BudgetOwner, GuessBudgets, TakenGuess } from './guess-budget.ts'
import type { SignInSettings } from './settings.ts'
import type { Tarpit } from './tarpit.ts'

export type GuessRequest = {
  owner: BudgetOwner
  /** Source address of the request. */
  source: string
  /** The known browser's id. */
  browser?: string | undefined
}

export type Admission =
  | { outcome: 'admitted'; guess: AdmittedGuess }
  /** The budget is spent. */
  | { outcome: 'refused' }
  /** Of the organisation, of this source, or of this address at once. `retryAfter` in seconds. */
  | { outcome: 'too-many-requests'; retryAfter: number }

export type AdmittedGuess = {
  /** Until when a wrong one leaves the address locked, if it does. */
  locksUntil?: number
  /** It was right: nothing of it is counted. */
  wasRight(): Promise<void>
  /** There was no code to look at: it counts for its source alone. */
  wasIdle(): Promise<void>
  /** The code was looked at, whatever came of it. */
  isOver(): void
}

export type GuessLimits = {
  /** Counts a guess everywhere before its code is looked at. Resolves when it is its turn. */
  admit(request: GuessRequest, settings: SignInSettings): Promise<Admission>
}

const SOURCE_WINDOW = 10 * MINUTE

/** So many codes of one source may be looked at at once without counting as wrong ones before they are: a busy shop. */
const MOST_UNDER_WAY = 30

/** A counter of wrong codes, and how many it takes. */
type Count = { key: string; window: number; limit: number }
type Counted = Count & Counter

export function createGuessLimits(parts: {
  ephemeral: Ephemeral
  budgets: GuessBudgets
  tarpit: Tarpit
  keyring: Keyring
  clock: Clock
  log: Log
  /** The organisation's limit is reached: told once a window. */
  onLimit(organisation: string): Promise<void>
}): GuessLimits {
  const { ephemeral, budgets, tarpit, keyring, clock, log } = parts
  /** By the line of a source: how many of its codes this process is looking at. */
  const underWay = new Map<string, number>()

  function change(line: string, by: 1 | -1): number {
    const count = (underWay.get(line) ?? 0) + by
    if (count > 0) underWay.set(line, count)
    else underWay.delete(line)
    return count
  }

  async function add({ key, window, limit }: Count): Promise<Counted> {
    const { count, resetsAt } = await ephemeral.increment(key, window)
    return { key, window, limit, count, resetsAt }
  }

  async function undo(...all: readonly Counted[]): Promise<void> {
    await Promise.all(all.map(({ key, resetsAt }) => ephemeral.takeBack(key, resetsAt)))
  }

  /** When the organisation has no more wrong codes to give, for how many seconds. */
  async function refusalOf(organisation: string, counted: readonly Counted[]) {
    const spent = counted.find(({ count, limit }) => count > limit)
    if (!spent) return undefined
    const { count, limit, window, resetsAt } = spent
    if (count === limit + 1) {
      log.error({ organisation, limit, window }, 'the limit of wrong codes is reached')
      await parts.onLimit(organisation)
    }
    // It is not looked at: the other window does not fill up with it.
    await undo(...counted.filter((each) => each !== spent))
    return Math.max(1, Math.ceil((resetsAt - clock.now()) / SECOND))
  }

  /** Of a stranger: counted for the organisation and for its source. */
  async function admitStranger(
    { owner, source }: GuessRequest,
    settings: SignInSettings,
  ): Promise<Admission> {
    const { organisation, email } = owner
    const line = `source:${organisation}:${sha256(sourceOf(source))}`
    const [ofSource, ...ofAll] = await Promise.all([
      add({ key: `guesses:${line}`, window: SOURCE_WINDOW, limit: Number.POSITIVE_INFINITY }),
      add({ key: `guesses:hour:${organisation}`, window: HOUR, limit: settings.guessesPerHour }),
      add({ key: `guesses:day:${organisation}`, window: DAY, limit: settings.guessesPerDay }),
    ])
    const retryAfter = await refusalOf(organisation, ofAll)
    if (retryAfter !== undefined) return { outcome: 'too-many-requests', retryAfter }
    const guess = await budgets.take(owner, settings)
    const address = `address:${keyring.digest('address', organisation, email)}`
    const others = Math.min(MOST_UNDER_WAY, change(line, 1) - 1)
    const lines = [
      { name: line, misses: Math.max(0, ofSource.count - 1 - others) },
      { name: address, misses: guess?.before ?? settings.guessBudget },
    ]
    const isOver = (): void => void change(line, -1)
    const tooMany = await tarpit.wait(lines, settings).catch((error) => {
      isOver()
      throw error
    })
    if (tooMany || !guess) isOver()
    if (tooMany) {
      await Promise.all([guess && budgets.giveBack(guess), undo(ofSource, ...ofAll)])
      return { outcome: 'too-many-requests', ...tooMany }
    }
    if (!guess) {
      await undo(...ofAll) // no code is looked at: nobody locks an organisation with a locked address
      return { outcome: 'refused' }
    }
    return admitted(guess, {
      ofAll: () => undo(...ofAll),
      ofSource: () => undo(ofSource),
      isOver,
    })
  }

  function admitted(
    guess: TakenGuess,
    forget: { ofAll(): Promise<void>; ofSource(): Promise<void>; isOver(): void },
  ): Admission {
    const giveBack = async (...more: (() => Promise<void>)[]): Promise<void> => {
      await Promise.all([budgets.giveBack(guess), forget.ofAll(), ...more.map((each) => each())])
    }
    const { locksUntil } = guess
    return {
      outcome: 'admitted',
      guess: {
        ...(locksUntil !== undefined && { locksUntil }),
        wasRight: () => giveBack(forget.ofSource),
        wasIdle: () => giveBack(),
        isOver: forget.isOver,
      },
    }
  }

  return {
    async admit(request, settings) {
      const { owner, browser } = request
      if (browser === undefined) return admitStranger(request, settings)
      // What strangers do, also from the same source, does not stop a browser that has proven the address.
      const guess = await budgets.take(owner, settings, browser)
      const nothing = async (): Promise<void> => {}
      const forget = { ofAll: nothing, ofSource: nothing, isOver: () => {} }
      return guess ? admitted(guess, forget) : { outcome: 'refused' }
    },
  }
}
