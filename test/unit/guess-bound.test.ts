// The stated chance to guess a code, as it follows the settings.

import { describe, expect, it } from '@jest/globals'
import { checkGuessBound, guessBound } from '../../src/services/identity/limits/guess-bound.ts'
import { resolveSignInSettings } from '../../src/services/identity/limits/settings.ts'

const HOUR = 60 * 60_000

describe('the guess bound', () => {
  it('of the default settings is 29 guesses at two codes of six digits: less than 6 in 100,000', () => {
    const bound = guessBound(resolveSignInSettings())
    expect(bound).toEqual({
      budget: 20,
      afterLocks: 4, // after 1, 3, 7 and 15 hours; the next lock ends later than a day
      knownBrowsers: 5,
      guesses: 29,
      liveCodes: 2,
      chance: 58 / 1_000_000,
      reviewerChance: 50 / 1_000_000,
      organisationChance: 1 / 100,
    })
    expect(bound.chance).toBeLessThan(6 / 100_000)
  })

  it.each([
    ['a longer code', { codeLength: 8 }, 29, 58 / 10 ** 8],
    ['a longer life, which makes the code longer', { codeLife: HOUR / 3 }, 29, 58 / 10 ** 8],
    ['a smaller budget', { guessBudget: 5 }, 14, 28 / 10 ** 6],
    ['nothing for known browsers', { knownBrowserGuesses: 0 }, 24, 48 / 10 ** 6],
    ['more known browsers', { knownBrowsers: 3 }, 39, 78 / 10 ** 6],
    // After 10, 30, 70, 150, 390, 630, 870, 1110 and 1350 minutes.
    ['a shorter lock', { guessLock: HOUR / 6 }, 34, 68 / 10 ** 6],
    ['a lock of a day', { guessLock: 24 * HOUR }, 25, 50 / 10 ** 6],
  ])('follows %s', (_name, overrides, guesses, chance) => {
    expect(guessBound(resolveSignInSettings(overrides))).toMatchObject({ guesses, chance })
  })

  it.each([
    ['the defaults', {}, true],
    ['just one in ten thousand', { guessBudget: 41 }, true],
    ['more', { guessBudget: 42 }, false],
    ['more of known browsers', { knownBrowserGuesses: 10, knownBrowsers: 5 }, false],
    ['the most guesses at a fixed code', { reviewerGuesses: 100 }, true],
    ['more guesses at longer codes', { guessBudget: 100, codeLength: 7 }, true],
  ])('with %s lets a server start, or not: %p', (_name, overrides, isGood) => {
    const check = (): void => checkGuessBound(resolveSignInSettings(overrides))
    if (isGood) expect(check).not.toThrow()
    else expect(check).toThrow()
  })

  it('says what the settings come to, and which ones to change', () => {
    const settings = resolveSignInSettings({ guessBudget: 100 })
    const detail =
      'The sign-in settings allow 109 guesses a day at a code of 6 digits, a chance of 1 in 4587; at the most 1 in 10000 is allowed. Lower guessBudget, knownBrowserGuesses or knownBrowsers, or raise codeLength or guessLock.'
    expect(() => checkGuessBound(settings)).toThrow(expect.objectContaining({ detail }))
  })
})
