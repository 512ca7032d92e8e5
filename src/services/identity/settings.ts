// Every number of sign-in: its default, its safe range, and why. An organisation may override within the range.

import { DAY, HOUR, MINUTE, SECOND } from '../../shared/clock.ts'

type Setting = {
  readonly value: number
  readonly min: number
  readonly max: number
  readonly why: string
}

export const signInSettings = {
  codeLength: { value: 6, min: 6, max: 8, why: 'autofill recognises six digits' },
  codeLife: {
    value: 10 * MINUTE,
    min: 3 * MINUTE,
    max: 30 * MINUTE,
    why: 'mail filters of companies are slow',
  },
  triesPerChallenge: { value: 5, min: 3, max: 10, why: 'shared by every code of one challenge' },
  resendAfter: {
    value: 60 * SECOND,
    min: 30 * SECOND,
    max: 5 * MINUTE,
    why: 'a second mail rarely overtakes the first',
  },
  sendsPer10Minutes: { value: 5, min: 1, max: 100, why: 'per address, tags dropped' },
  sendsPerHour: { value: 10, min: 1, max: 1000, why: 'per address, tags dropped' },
  sendsPerDay: { value: 20, min: 1, max: 10_000, why: 'per address, tags dropped' },
  sendsPerSource: { value: 30, min: 1, max: 100_000, why: 'per source address in 10 minutes' },
  sendsPerOrganisation: {
    value: 5000,
    min: 10,
    max: 1_000_000,
    why: 'per hour: mail costs money and reputation',
  },
  guessBudget: {
    value: 20,
    min: 5,
    max: 100,
    why: 'wrong codes per address in 24 hours, over all codes and browsers',
  },
  guessLock: {
    value: HOUR,
    min: 10 * MINUTE,
    max: DAY,
    why: 'how long a spent budget closes the address, the first time',
  },
} as const satisfies Record<string, Setting>

/** The settings' values, times in milliseconds. */
export type SignInSettings = { readonly [Name in keyof typeof signInSettings]: number }

/** The defaults with an organisation's overrides; a value outside its range is a TypeError. */
export function resolveSignInSettings(
  overrides: { [setting: string]: number } = {},
): SignInSettings {
  const entries = Object.entries(signInSettings).map(([name, setting]) => {
    const value = overrides[name] ?? setting.value
    if (value < setting.min || value > setting.max)
      throw new TypeError(`${name} must lie between ${setting.min} and ${setting.max}`)
    return [name, value]
  })
  return Object.fromEntries(entries) as SignInSettings // the keys are exactly those of the table
}
