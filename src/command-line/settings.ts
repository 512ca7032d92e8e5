// `foyer settings`: an organisation's numbers, each within its safe range.

import { Command } from 'commander'
import { checkGuessBound } from '../services/identity/guess-bound.ts'
import {
  checkedSetting,
  resolveSignInSettings,
  settingText,
  signInSettings,
} from '../services/identity/settings.ts'
import type { OpenInstallation } from './installation.ts'
import { print } from './print.ts'

export function settingsCommands(open: OpenInstallation): Command {
  return new Command('settings')
    .description('An organisation’s settings; a running server follows within five seconds.')
    .addCommand(listCommand(open))
    .addCommand(setCommand(open))
    .addCommand(unsetCommand(open))
}

function listCommand(open: OpenInstallation): Command {
  return new Command('list')
    .description('Lists every setting: its value, its default, its range and what it is about.')
    .exitOverride()
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: true }) => {
      const values = await open(async ({ organisation }) =>
        resolveSignInSettings(organisation.signIn),
      )
      const rows = Object.entries(signInSettings).map(([name, setting]) => ({
        name,
        value: settingText(setting, values[name as keyof typeof values]), // both are keyed by the table's names
        default: settingText(setting, setting.value),
        min: settingText(setting, setting.min),
        max: settingText(setting, setting.max),
        about: setting.why,
      }))
      if (json) return print(JSON.stringify(rows))
      for (const { name, value, min, max, about } of rows)
        print(`${name.padEnd(22)} ${value.padEnd(8)} ${`${min} to ${max}`.padEnd(18)} ${about}`)
    })
}

function setCommand(open: OpenInstallation): Command {
  return new Command('set')
    .description('Sets a setting: a number, or a time such as 90s, 10m, 12h, 14d.')
    .exitOverride()
    .argument('<name>')
    .argument('<value>')
    .action((name: string, value: string) =>
      change(open, name, (overrides) => ({ ...overrides, [name]: checkedSetting(name, value) })),
    )
}

function unsetCommand(open: OpenInstallation): Command {
  return new Command('unset')
    .description('Goes back to the default.')
    .exitOverride()
    .argument('<name>')
    .action((name: string) => change(open, name, ({ [name]: _former, ...overrides }) => overrides))
}

type Overrides = { readonly [setting: string]: number }

async function change(
  open: OpenInstallation,
  name: string,
  by: (overrides: Overrides) => Overrides,
): Promise<void> {
  await open(async ({ organisation, organisations, audit }) => {
    const signIn = by(organisation.signIn ?? {})
    checkGuessBound(resolveSignInSettings(signIn))
    await organisations.change(organisation._id, { signIn })
    await audit.record({
      organisation: organisation._id,
      action: 'organisation.settings-changed',
      actor: 'command-line',
      target: `${name}=${signIn[name] ?? 'default'}`,
    })
  })
}
