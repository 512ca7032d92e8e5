// An organisation's settings in the words of the Admin API, which the command line prints as well: times in seconds.

import { lifetimeSettings } from '../../services/identity/clients/lifetimes.ts'
import { signInSettings } from '../../services/identity/limits/settings.ts'
import { inSnakeCase, type Setting } from '../../services/organisations/settings.ts'
import { SECOND } from '../../shared/clock.ts'
import type { Organisation } from '../../stores/organisations.ts'

export type KnownSetting = {
  /** Of an organisation: it overrides the setting there. */
  field: 'signIn' | 'lifetimes'
  name: string
  /** The name as it is told. */
  told: string
  setting: Setting
}

const knownOf = (
  field: KnownSetting['field'],
  table: { readonly [name: string]: Setting },
): KnownSetting[] =>
  Object.entries(table).map(([name, setting]) => ({
    field,
    name,
    told: inSnakeCase(name),
    setting,
  }))

export const knownSettings = [
  ...knownOf('signIn', signInSettings),
  ...knownOf('lifetimes', lifetimeSettings),
]

export function settingsData(organisation: Organisation) {
  return knownSettings.map(({ field, name, told, setting }) => {
    const size = sizeOf(setting)
    return {
      name: told,
      unit: setting.unit === 'time' ? ('seconds' as const) : ('count' as const),
      value: (organisation[field]?.[name] ?? setting.value) / size,
      default: setting.value / size,
      min: setting.min / size,
      max: setting.max / size,
      about: setting.why,
    }
  })
}

/** Of a time in milliseconds one second is told as one. */
export function sizeOf({ unit }: Setting): number {
  return unit === 'time' ? SECOND : 1
}
