// How long sessions, tokens and signing keys live: what an organisation and a client may choose, and within which range.

import { DAY, HOUR, MINUTE, SECOND } from '../../../shared/clock.ts'
import type { Client, ClientLifetimes } from '../../../stores/clients.ts'
import {
  type Overrides,
  resolveSettings,
  type SettingTable,
  type SettingValues,
} from '../../organisations/settings.ts'

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
  handOff: {
    unit: 'time',
    value: 12 * HOUR,
    min: 5 * MINUTE,
    max: DAY,
    why: 'from the sign-in on a site may hand its session on to a browser: later the person signs in there',
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
  accessToken: {
    unit: 'time',
    value: HOUR,
    min: 5 * MINUTE,
    max: HOUR,
    why: 'an access token: signed ones are checked without a store, so this bounds what a stolen one is worth',
  },
  idToken: {
    unit: 'time',
    value: HOUR,
    min: 5 * MINUTE,
    max: HOUR,
    why: 'an ID token: how long after the sign-in an application may take it for fresh',
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

const { accessToken, idToken, refreshIdle, refreshAbsolute } = lifetimeSettings

/** What a client may have in place of the organisation's, within the same ranges. */
export const clientLifetimeSettings = {
  accessToken,
  idToken,
  refreshIdle,
  refreshAbsolute,
} as const satisfies SettingTable & { [Name in keyof Required<ClientLifetimes>]: object }

/** A client's own come before the organisation's; never longer than is safe, whatever was stored. */
export function lifetimesOf({ lifetimes = {} }: Client, chosen: Lifetimes): Lifetimes {
  const own = Object.entries(clientLifetimeSettings).flatMap(([name, { max }]) => {
    const value = lifetimes[name as keyof ClientLifetimes] // the table's keys are those
    return value === undefined ? [] : [[name, Math.min(value, max)]]
  })
  return { ...chosen, ...Object.fromEntries(own) }
}
