// The stated chance to guess a code, as it follows the settings.

import { describe, expect, it } from '@jest/globals'
import { checkGuessBound, guessBound } from '../../src/services/identity/guess-bound.ts'
import { resolveSignInSettings } from '../../src/services/identity/settings.ts'

const HOUR = 60 * 60_000

describe('the guess bound', () => {
  it('of the default settings is 24 guesses at two codes of six digits', () => {
    expect(guessBound(resolveSignInSettings())).toEqual({
      guesses: 24,
      liveCodes: 2,
      chance: 48 / 1_000_000,
    })
  })

  it.each([
    ['a longer code', { codeLength: 8 }, 24, 48 / 10 ** 8],
    ['a smaller budget', { guessBudget: 5 }, 9, 18 / 10 ** 6],
    // After 10, 30, 70, 150, 390, 630, 870, 1110 and 1350 minutes.
    ['a shorter lock', { guessLock: HOUR / 6 }, 29, 58 / 10 ** 6],
    ['a lock of a day', { guessLock: 24 * HOUR }, 20, 40 / 10 ** 6],
  ])('follows %s', (_name, overrides, guesses, chance) => {
    expect(guessBound(resolveSignInSettings(overrides))).toMatchObject({ guesses, chance })
  })

  it.each([
    ['the defaults', {}, true],
    ['just one in ten thousand', { guessBudget: 46 }, true],
    ['more', { guessBudget: 47 }, false],
    ['more guesses at longer codes', { guessBudget: 100, codeLength: 7 }, true],
  ])('with %s lets a server start, or not: %p', (_name, overrides, isGood) => {
    const check = (): void => checkGuessBound(resolveSignInSettings(overrides))
    if (isGood) expect(check).not.toThrow()
    else expect(check).toThrow()
  })
})
