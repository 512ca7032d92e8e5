// An organisation's numbers: /organisations/{slug}/settings. Times are told in seconds.

import { adminApi } from '@foyer/contract'
import { lifetimeSettings } from '../../services/identity/clients/lifetimes.ts'
import { signInSettings } from '../../services/identity/limits/settings.ts'
import type {
  OrganisationAdministration,
  SettingEdit,
} from '../../services/organisations/organisation-administration.ts'
import { inSnakeCase, type Setting } from '../../services/organisations/settings.ts'
import { SECOND } from '../../shared/clock.ts'
import { refuseFields } from '../../shared/errors.ts'
import type { Organisation } from '../../stores/organisations.ts'
import type { Routes } from './serve.ts'

const api = adminApi.settings

type Known = { field: 'signIn' | 'lifetimes'; name: string; shown: string; setting: Setting }

const knownOf = (field: Known['field'], table: { readonly [name: string]: Setting }): Known[] =>
  Object.entries(table).map(([name, setting]) => ({
    field,
    name,
    shown: inSnakeCase(name),
    setting,
  }))

const known = [...knownOf('signIn', signInSettings), ...knownOf('lifetimes', lifetimeSettings)]

export function settingRoutes({
  administration,
}: {
  administration: Pick<OrganisationAdministration, 'update'>
}): Routes {
  return (serve) => {
    serve(api.listSettings, async ({ organisation }) => dataOf(organisation))

    serve(api.changeSettings, async ({ organisation: { _id: id }, body, by, version }) =>
      dataOf(await administration.update({ id, by, version }, editOf(body.settings))),
    )
  }
}

function dataOf(organisation: Organisation) {
  const settings = known.map(({ field, name, shown, setting }) => {
    const told = (value: number): number => value / sizeOf(setting)
    return {
      name: shown,
      unit: setting.unit === 'time' ? ('seconds' as const) : ('count' as const),
      value: told(organisation[field]?.[name] ?? setting.value),
      default: told(setting.value),
      min: told(setting.min),
      max: told(setting.max),
      about: setting.why,
    }
  })
  return { data: { settings }, version: organisation.version ?? 0 }
}

/** Throws `invalid_fields` for names that there are none of. */
function editOf(sent: { [name: string]: number | null }) {
  const signIn = new Map<string, number | null>()
  const lifetimes = new Map<string, number | null>()
  const unknown: { path: string; message: string }[] = []
  for (const [shown, value] of Object.entries(sent)) {
    const found = known.find((each) => each.shown === shown)
    const target = found?.field === 'signIn' ? signIn : lifetimes
    if (found) target.set(found.name, value === null ? null : value * sizeOf(found.setting))
    else unknown.push({ path: `settings.${shown}`, message: 'is no setting' })
  }
  refuseFields(unknown)
  return { ...edited('signIn', signIn), ...edited('lifetimes', lifetimes) }
}

function edited(field: Known['field'], values: Map<string, number | null>) {
  return values.size === 0 ? {} : { [field]: Object.fromEntries(values) satisfies SettingEdit }
}

/** Of a time in milliseconds one second is told as one. */
function sizeOf({ unit }: Setting): number {
  return unit === 'time' ? SECOND : 1
}
