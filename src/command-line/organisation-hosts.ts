// `foyer organisations show-host-record`, `set-host` and `release-host`: a host of its own, proven by a DNS record.

import { Command } from 'commander'
import type { OpenInstallation } from './installation.ts'
import { shownOrganisation } from './organisation-fields.ts'
import { print } from './print.ts'

const BY = { actor: 'command-line' }

export function hostRecordCommand(open: OpenInstallation): Command {
  return new Command('show-host-record')
    .description('Shows the DNS record that proves a host, and whether it is there.')
    .exitOverride()
    .argument('<host>', 'such as id.example.com')
    .option('--json', 'print JSON')
    .action(async (host: string, { json }: { json?: true }) => {
      const record = await open(async ({ organisation, domains }) => {
        const { isNeeded, isFound, ...rest } = await domains.look(organisation, host)
        return { ...rest, type: 'TXT', needed: isNeeded, found: isFound }
      })
      if (json) return print(JSON.stringify(record))
      print(`${record.name}  TXT  "${record.value}"`)
      if (!record.needed) return print('It is not needed here: the name never leaves the machine.')
      print(record.found ? 'It is there: run set-host.' : 'It is not there yet.')
    })
}

export function setHostCommand(open: OpenInstallation): Command {
  return new Command('set-host')
    .description(
      'Gives the organisation a host of its own as its issuer, once a DNS record proves that it is theirs.',
    )
    .exitOverride()
    .argument('<host>', 'such as id.example.com')
    .option('--json', 'print JSON')
    .action(async (host: string, { json }: { json?: true }) => {
      const made = await open(async (installation) => {
        const { organisation, domains } = installation
        const act = { id: organisation._id, by: BY }
        return shownOrganisation(installation, await domains.set(act, host))
      })
      print(json ? JSON.stringify(made) : `issuer  ${made.issuer}`)
    })
}

export function releaseHostCommand(open: OpenInstallation): Command {
  return new Command('release-host')
    .description(
      'Gives the host back: the issuer is below BASE_URL again, and clients have to follow.',
    )
    .exitOverride()
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: true }) => {
      const made = await open(async (installation) => {
        const { organisation, domains } = installation
        const act = { id: organisation._id, by: BY }
        return shownOrganisation(installation, await domains.release(act))
      })
      print(json ? JSON.stringify(made) : `issuer  ${made.issuer}`)
    })
}
