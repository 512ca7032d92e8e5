// How long sessions, refresh tokens and signing keys live: what an organisation may choose, and within which range.

import { DAY, HOUR, MINUTE, SECOND } from '../../shared/clock.ts'
import {
  type Overrides,
  resolveSettings,
  type SettingTable,
  type SettingValues,
} from '../organisations/settings.ts'

export const lifetimeSettings = {
  sessionIdle: {
    unit: 'time',
    value: 14 * DAY,
    min: HOUR,
    max: 60 * DAY,
    why: 'from the last use of the session: shops want weeks, desks want hours',
  },
  sessionAbsolute: {
    unit: 'time',
    value: 90 * DAY,
    min: HOUR,
    max: 365 * DAY,
    why: 'from the sign-in on, however often the session is used',
  },
  sessionTransient: {
    unit: 'time',
    value: 12 * HOUR,
    min: 15 * MINUTE,
    max: DAY,
    why: 'from the sign-in on, for who does not want to stay signed in',
  },
  refreshIdle: {
    unit: 'time',
    value: 30 * DAY,
    min: HOUR,
    max: 180 * DAY,
    why: 'from the last refresh',
  },
  refreshAbsolute: {
    unit: 'time',
    value: 90 * DAY,
    min: HOUR,
    max: 365 * DAY,
    why: 'from the first refresh token of a sign-in, however often it is replaced',
  },
  refreshWindow: {
    unit: 'time',
    value: 30 * SECOND,
    min: 0,
    max: 5 * MINUTE,
    why: 'how long the answer to a refresh is given again when it was lost on its way',
  },
  keyRotation: {
    unit: 'time',
    value: 90 * DAY,
    min: 7 * DAY,
    max: 365 * DAY,
    why: 'how long a signing key signs: bounds what one that was taken unnoticed is worth',
  },
} as const satisfies SettingTable

/** In milliseconds. */
export type Lifetimes = SettingValues<typeof lifetimeSettings>

/** The defaults with an organisation's overrides; a value outside its range is a TypeError. */
export function resolveLifetimes(overrides?: Overrides): Lifetimes {
  return resolveSettings(lifetimeSettings, overrides)
}
