// `foyer organisations show-host-record`, `set-host` and `release-host`: a host of its own, proven by a DNS record.

import { Command } from 'commander'
import { shownOrganisation } from './organisation-fields.ts'
import type { Shell } from './shell.ts'

const BY = { actor: 'command-line' }

export function hostRecordCommand(shell: Shell): Command {
  return new Command('show-host-record')
    .description('Shows the DNS record that proves a host, and whether it is there.')
    .argument('<host>', 'such as id.example.com')
    .option('--json', 'print JSON')
    .action(async (host: string, { json }: { json?: true }) => {
      const record = await shell.open(async ({ organisation, domains }) => {
        const { isNeeded, isFound, ...rest } = await domains.look(organisation, host)
        return { ...rest, type: 'TXT', needed: isNeeded, found: isFound }
      })
      if (json) return shell.print(JSON.stringify(record))
      shell.print(`${record.name}  TXT  "${record.value}"`)
      if (!record.needed)
        return shell.print('It is not needed here: the name never leaves the machine.')
      shell.print(record.found ? 'It is there: run set-host.' : 'It is not there yet.')
    })
}

export function setHostCommand(shell: Shell): Command {
  return new Command('set-host')
    .description(
      'Gives the organisation a host of its own as its issuer, once a DNS record proves that it is theirs.',
    )
    .argument('<host>', 'such as id.example.com')
    .option('--json', 'print JSON')
    .action(async (host: string, { json }: { json?: true }) => {
      const made = await shell.open(async (installation) => {
        const { organisation, domains } = installation
        const act = { id: organisation._id, by: BY }
        return shownOrganisation(installation, await domains.set(act, host))
      })
      shell.print(json ? JSON.stringify(made) : `issuer  ${made.issuer}`)
    })
}

export function releaseHostCommand(shell: Shell): Command {
  return new Command('release-host')
    .description(
      'Gives the host back: the issuer is below BASE_URL again, and clients have to follow.',
    )
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: true }) => {
      const made = await shell.open(async (installation) => {
        const { organisation, domains } = installation
        const act = { id: organisation._id, by: BY }
        return shownOrganisation(installation, await domains.release(act))
      })
      shell.print(json ? JSON.stringify(made) : `issuer  ${made.issuer}`)
    })
}
