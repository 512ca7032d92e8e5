// `foyer settings`: an organisation's numbers, each within its safe range.

import { Command } from 'commander'
import { knownSettings, settingsData } from '../routes/admin-api/setting-messages.ts'
import { readSetting, settingText } from '../services/organisations/settings.ts'
import { invalidField } from '../shared/errors.ts'
import { BY } from './people-fields.ts'
import type { Shell } from './shell.ts'

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
      if (json) return shell.print(JSON.stringify(settingsData(organisation)))
      for (const { field, name, setting } of knownSettings) {
        const [value, min, max] = [
          organisation[field]?.[name] ?? setting.value,
          setting.min,
          setting.max,
        ].map((each) => settingText(setting, each))
        shell.print(
          `${name.padEnd(22)} ${value?.padEnd(8)} ${`${min} to ${max}`.padEnd(18)} ${setting.why}`,
        )
      }
    })
}

function setCommand(shell: Shell): Command {
  return new Command('set')
    .description('Sets a setting: a number, or a time such as 90s, 10m, 12h, 14d.')
    .argument('<name>')
    .argument('<value>')
    .action((name: string, text: string) =>
      change(shell, name, readSetting(name, find(name).setting, text)),
    )
}

function unsetCommand(shell: Shell): Command {
  return new Command('unset')
    .description('Goes back to the default.')
    .argument('<name>')
    .action((name: string) => change(shell, name, null))
}

/** By its name, or as `--json` has it. */
function find(text: string) {
  const found = knownSettings.find(({ name, told }) => name === text || told === text)
  if (found) return found
  const names = knownSettings.map(({ name }) => name).join(', ')
  throw invalidField(text, `is no setting; there are ${names}`)
}

/** `null` goes back to the default. */
async function change(shell: Shell, text: string, value: number | null): Promise<void> {
  const { field, name } = find(text)
  await shell.open(({ organisation, organisationAdministration }) =>
    organisationAdministration.update(
      { id: organisation._id, by: BY },
      { [field]: { [name]: value } },
    ),
  )
}
