// The stated chance to guess a code, computed from the settings: what an attacker may hope for at one address in a day.

import { DAY } from '../../../shared/clock.ts'
import { AppError } from '../../../shared/errors.ts'
import { LOCK_STEPS } from './guess-budget.ts'
import type { SignInSettings } from './settings.ts'

export type GuessBound = {
  /** Wrong codes that the budget of an address holds. */
  budget: number
  /** One more after each lock that can end within the day. */
  afterLocks: number
  /** What browsers have of their own that proved the address before. */
  knownBrowsers: number
  /** All of these: wrong codes that are looked at within 24 hours, over all flows, browsers and sources. */
  guesses: number
  /** Codes of one sign-in that are good at the same time: the newest and the one before. */
  liveCodes: number
  /** The chance that one of the guesses is right. */
  chance: number
  /** The chance that a fixed code is guessed in all its life; no other code is good for its address. */
  reviewerChance: number
  /** The chance that, in a day, any code of the organisation is guessed. */
  organisationChance: number
}

const LIVE_CODES = 2
/** No installation starts with a greater chance per address and day. */
const HIGHEST_CHANCE = 1 / 10_000

export function guessBound(settings: SignInSettings): GuessBound {
  const budget = settings.guessBudget
  const afterLocks = guessesBetweenLocks(settings.guessLock)
  const knownBrowsers = settings.knownBrowserGuesses * settings.knownBrowsers
  const guesses = budget + afterLocks + knownBrowsers
  const codes = 10 ** settings.codeLength
  return {
    budget,
    afterLocks,
    knownBrowsers,
    guesses,
    liveCodes: LIVE_CODES,
    chance: (guesses * LIVE_CODES) / codes,
    reviewerChance: settings.reviewerGuesses / codes,
    organisationChance:
      (Math.min(settings.guessesPerDay, 25 * settings.guessesPerHour) * LIVE_CODES) / codes,
  }
}

/** Once the budget is spent, one guess is looked at after each lock, and the locks grow longer. */
function guessesBetweenLocks(guessLock: number): number {
  let guesses = 0
  for (let ended = 0; ; guesses += 1) {
    ended += guessLock * (LOCK_STEPS[Math.min(guesses, LOCK_STEPS.length - 1)] ?? 1)
    if (ended >= DAY) return guesses
  }
}

/** What is wrong when the settings allow more than one in ten thousand, and what to change. */
export function guessBoundProblem(settings: SignInSettings): string | undefined {
  const { guesses, chance } = guessBound(settings)
  if (chance <= HIGHEST_CHANCE) return undefined
  return `The sign-in settings allow ${guesses} guesses a day at a code of ${settings.codeLength} digits, a chance of 1 in ${Math.round(1 / chance)}; at the most 1 in ${1 / HIGHEST_CHANCE} is allowed. Lower guessBudget, knownBrowserGuesses or knownBrowsers, or raise codeLength or guessLock.`
}

/** Throws when there is such a problem: the start ends with it. */
export function checkGuessBound(settings: SignInSettings): void {
  const detail = guessBoundProblem(settings)
  if (detail !== undefined) throw new AppError('internal_error', { detail })
}
