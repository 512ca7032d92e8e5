// Every number of sign-in: its default, its safe range, and why. An organisation may override within the range.

import { DAY, HOUR, MINUTE, SECOND } from '../../../shared/clock.ts'
import {
  type Overrides,
  resolveSettings,
  type SettingTable,
  type SettingValues,
} from '../../organisations/settings.ts'

export const signInSettings = {
  codeLength: { value: 6, min: 6, max: 8, why: 'autofill recognises six digits' },
  codeLife: {
    unit: 'time',
    value: 10 * MINUTE,
    min: 3 * MINUTE,
    max: 30 * MINUTE,
    why: 'mail filters of companies are slow',
  },
  triesPerChallenge: {
    value: 5,
    min: 3,
    max: 10,
    why: 'shared by every code of one challenge',
  },
  resendAfter: {
    unit: 'time',
    value: 60 * SECOND,
    min: 30 * SECOND,
    max: 5 * MINUTE,
    why: 'a second mail rarely overtakes the first',
  },
  sendsPer10Minutes: {
    value: 5,
    min: 1,
    max: 100,
    why: 'per address, tags dropped',
  },
  sendsPerHour: { value: 10, min: 1, max: 1000, why: 'per address, tags dropped' },
  sendsPerDay: { value: 20, min: 1, max: 10_000, why: 'per address, tags dropped' },
  sendsPerSource: {
    value: 30,
    min: 1,
    max: 100_000,
    why: 'per source address in 10 minutes',
  },
  sendsPerOrganisation: {
    value: 5000,
    min: 10,
    max: 1_000_000,
    why: 'per hour: mail costs money and reputation',
  },
  sendsToKnownBrowsers: {
    value: 5,
    min: 0,
    max: 20,
    why: 'per address and day, to known browsers, when strangers have used up the rest',
  },
  codeInSubject: { value: 1, min: 0, max: 1, why: '1 puts it there, 0 keeps it off lock screens' },
  guessBudget: {
    value: 20,
    min: 5,
    max: 100,
    why: 'wrong codes per address in 24 hours, over all codes and browsers',
  },
  guessLock: {
    unit: 'time',
    value: HOUR,
    min: 10 * MINUTE,
    max: DAY,
    why: 'how long a spent budget closes the address, the first time',
  },
  knownBrowserGuesses: {
    value: 5,
    min: 0,
    max: 10,
    why: 'wrong codes of a known browser in 24 hours, while the budget of its address is spent',
  },
  knownBrowsers: {
    value: 1,
    min: 1,
    max: 5,
    why: 'how many known browsers of one address may have such wrong codes in 24 hours',
  },
  knownBrowserLife: {
    unit: 'time',
    value: 180 * DAY,
    min: DAY,
    max: 400 * DAY,
    why: 'from the last sign-in; browsers keep no cookie for longer than 400 days',
  },
  guessesPerHour: {
    value: 1000,
    min: 100,
    max: 1_000_000,
    why: 'wrong codes of an organisation, over all addresses',
  },
  guessesPerDay: {
    value: 5000,
    min: 100,
    max: 10_000_000,
    why: 'the same: 1 in 100 that any of them is right, at two live codes of six digits',
  },
  tarpitAfter: {
    value: 5,
    min: 5,
    max: 100,
    why: 'every so many wrong codes of an address or a source the next one waits longer',
  },
  tarpitStep: { unit: 'time', value: SECOND, min: 100, max: 5 * SECOND, why: 'by so much' },
  tarpitLimit: {
    unit: 'time',
    value: 10 * SECOND,
    min: SECOND,
    max: 20 * SECOND,
    why: 'and never for longer',
  },
  reviewerGuesses: {
    value: 50,
    min: 5,
    max: 100,
    why: 'wrong codes in all the life of a fixed code; a hundred at six digits are 1 in 10,000',
  },
  sessionsPerAccount: {
    value: 1000,
    min: 1,
    max: 10_000,
    why: 'when one more begins, the one that was unused for longest ends',
  },
} as const satisfies SettingTable

/** The settings' values, times in milliseconds. */
export type SignInSettings = SettingValues<typeof signInSettings>

/** Whoever has longer to guess has more to guess. */
const SHORT_LIFE = 10 * MINUTE
const LONG_CODE = 8

/**
 * The defaults with an organisation's overrides; a value outside its range is a TypeError. Codes that live
 * longer than ten minutes have eight digits.
 */
export function resolveSignInSettings(overrides?: Overrides): SignInSettings {
  const settings = resolveSettings(signInSettings, overrides)
  return settings.codeLife > SHORT_LIFE ? { ...settings, codeLength: LONG_CODE } : settings
}
