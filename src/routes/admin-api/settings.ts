// An organisation's numbers: /organisations/{slug}/settings. Times are told in seconds.

import { adminApi } from '@foyer/contract'
import type {
  OrganisationAdministration,
  SettingEdit,
} from '../../services/organisations/organisation-administration.ts'
import { refuseFields } from '../../shared/errors.ts'
import type { Organisation } from '../../stores/organisations.ts'
import type { Routes } from './serve.ts'
import { type KnownSetting, knownSettings, settingsData, sizeOf } from './setting-messages.ts'

const api = adminApi.settings

export function settingRoutes({
  administration,
}: {
  administration: Pick<OrganisationAdministration, 'update'>
}): Routes {
  return (serve) => {
    serve(api.listSettings, async ({ organisation }) => versioned(organisation))

    serve(api.changeSettings, async ({ organisation: { _id: id }, body, by, version }) =>
      versioned(await administration.update({ id, by, version }, editOf(body.settings))),
    )
  }
}

function versioned(organisation: Organisation) {
  return { data: { settings: settingsData(organisation) }, version: organisation.version ?? 0 }
}

/** Throws `invalid_fields` for names that there are none of. */
function editOf(sent: { [name: string]: number | null }) {
  const signIn = new Map<string, number | null>()
  const lifetimes = new Map<string, number | null>()
  const unknown: { path: string; message: string }[] = []
  for (const [shown, value] of Object.entries(sent)) {
    const found = knownSettings.find((each) => each.told === shown)
    const target = found?.field === 'signIn' ? signIn : lifetimes
    if (found) target.set(found.name, value === null ? null : value * sizeOf(found.setting))
    else unknown.push({ path: `settings.${shown}`, message: 'is no setting' })
  }
  refuseFields(unknown)
  return { ...edited('signIn', signIn), ...edited('lifetimes', lifetimes) }
}

function edited(field: KnownSetting['field'], values: Map<string, number | null>) {
  return values.size === 0 ? {} : { [field]: Object.fromEntries(values) satisfies SettingEdit }
}
