// `foyer settings`: an organisation's numbers, each within its safe range.

import { Command } from 'commander'
import { lifetimeSettings, resolveLifetimes } from '../services/identity/clients/lifetimes.ts'
import { checkGuessBound } from '../services/identity/limits/guess-bound.ts'
import { resolveSignInSettings, signInSettings } from '../services/identity/limits/settings.ts'
import {
  type Overrides,
  readSetting,
  type SettingTable,
  settingText,
} from '../services/organisations/settings.ts'
import { invalidField } from '../shared/errors.ts'
import type { Shell } from './shell.ts'

/** Each table, the field of an organisation that overrides it, and what becomes of overrides. */
const groups = [
  {
    field: 'signIn',
    table: signInSettings as SettingTable,
    resolve(overrides: Overrides | undefined): Overrides {
      const settings = resolveSignInSettings(overrides)
      checkGuessBound(settings)
      return settings
    },
  },
  {
    field: 'lifetimes',
    table: lifetimeSettings as SettingTable,
    resolve: (overrides: Overrides | undefined): Overrides => resolveLifetimes(overrides),
  },
] as const

type Group = (typeof groups)[number]

export function settingsCommands(shell: Shell): Command {
  return new Command('settings')
    .description('An organisation’s settings; a running server follows within five seconds.')
    .addCommand(listCommand(shell))
    .addCommand(setCommand(shell))
    .addCommand(unsetCommand(shell))
}

function listCommand(shell: Shell): Command {
  return new Command('list')
    .description('Lists every setting: its value, its default, its range and what it is about.')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: true }) => {
      const organisation = await shell.open(async (installation) => installation.organisation)
      const rows = groups.flatMap(({ field, table, resolve }) => {
        const values = resolve(organisation[field])
        return Object.entries(table).map(([name, setting]) => ({
          name,
          value: settingText(setting, values[name] ?? setting.value),
          default: settingText(setting, setting.value),
          min: settingText(setting, setting.min),
          max: settingText(setting, setting.max),
          about: setting.why,
        }))
      })
      if (json) return shell.print(JSON.stringify(rows))
      for (const { name, value, min, max, about } of rows)
        shell.print(
          `${name.padEnd(22)} ${value.padEnd(8)} ${`${min} to ${max}`.padEnd(18)} ${about}`,
        )
    })
}

function setCommand(shell: Shell): Command {
  return new Command('set')
    .description('Sets a setting: a number, or a time such as 90s, 10m, 12h, 14d.')
    .argument('<name>')
    .argument('<value>')
    .action((name: string, text: string) => {
      const { setting, group } = find(name)
      const value = readSetting(name, setting, text)
      return change(shell, { name, group }, (overrides) => ({ ...overrides, [name]: value }))
    })
}

function unsetCommand(shell: Shell): Command {
  return new Command('unset')
    .description('Goes back to the default.')
    .argument('<name>')
    .action((name: string) => {
      const { group } = find(name)
      return change(shell, { name, group }, ({ [name]: _former, ...overrides }) => overrides)
    })
}

function find(name: string) {
  for (const group of groups)
    for (const [each, setting] of Object.entries(group.table))
      if (each === name) return { setting, group }
  const names = groups.flatMap(({ table }) => Object.keys(table)).join(', ')
  throw invalidField(name, `is no setting; there are ${names}`)
}

async function change(
  shell: Shell,
  { name, group }: { name: string; group: Group },
  by: (overrides: Overrides) => Overrides,
): Promise<void> {
  await shell.open(async ({ organisation, organisations, audit }) => {
    const overrides = by(organisation[group.field] ?? {})
    group.resolve(overrides)
    await organisations.change(organisation._id, { [group.field]: overrides })
    await audit.record({
      organisation: organisation._id,
      action: 'organisation.settings-changed',
      actor: 'command-line',
      target: `${name}=${overrides[name] ?? 'default'}`,
      before: { [group.field]: organisation[group.field] },
      after: { [group.field]: overrides },
    })
  })
}
