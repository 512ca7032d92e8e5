// `foyer organisations`: the businesses of this installation, and the hosts that are theirs.

import { Command } from 'commander'
import { overviewData } from '../routes/admin-api/organisation-messages.ts'
import type { Organisation } from '../stores/organisations.ts'
import {
  editOf,
  linesOf,
  shownOrganisation,
  type UpdateOptions,
  withUpdateOptions,
} from './organisation-fields.ts'
import { hostRecordCommand, releaseHostCommand, setHostCommand } from './organisation-hosts.ts'
import { removeCommand, restoreCommand, shownRemoved } from './organisation-removal.ts'
import type { Shell } from './shell.ts'

const BY = { actor: 'command-line' }

type CreateOptions = {
  slug: string
  name: string
  locale?: string
  timeZone?: string
  currency?: string
  json?: true
}

export function organisationCommands(shell: Shell): Command {
  return new Command('organisations')
    .description('Organisations: the businesses, each with an issuer of its own.')
    .addCommand(createCommand(shell))
    .addCommand(listCommand(shell))
    .addCommand(showCommand(shell))
    .addCommand(updateCommand(shell))
    .addCommand(overviewCommand(shell))
    .addCommand(hostRecordCommand(shell))
    .addCommand(setHostCommand(shell))
    .addCommand(releaseHostCommand(shell))
    .addCommand(removeCommand(shell))
    .addCommand(restoreCommand(shell))
}

function createCommand(shell: Shell): Command {
  return new Command('create')
    .description('Makes an organisation and prints its issuer.')
    .requiredOption('--slug <slug>', 'its name in addresses; never changed and never given again')
    .requiredOption('--name <name>', 'as customers read it')
    .option('--locale <language>', 'of pages and mails, where nobody asks for another')
    .option('--time-zone <zone>', 'such as Europe/Rome')
    .option('--currency <code>', 'such as EUR')
    .option('--json', 'print JSON')
    .action(async ({ json, ...input }: CreateOptions) => {
      const made = await shell.open(async (installation) => {
        const { organisationAdministration } = installation
        const organisation = await organisationAdministration.create(input, BY)
        return shownOrganisation(installation, organisation)
      })
      shell.print(json ? JSON.stringify(made) : `issuer  ${made.issuer}`)
    })
}

const PAGE = 100

type ListOptions = { search?: string; removed?: true; json?: true }

function listCommand(shell: Shell): Command {
  return new Command('list')
    .description('Lists the organisations in the order of their slugs.')
    .option('--search <text>', 'whose slug or name begins with it')
    .option('--removed', 'those that were removed, and can be restored')
    .option('--json', 'print JSON')
    .action(async ({ search, removed, json }: ListOptions) => {
      if (removed) return listRemoved(shell, json)
      const all = await shell.open(async (installation) => {
        const found: Organisation[] = []
        for (;;) {
          const page = await installation.organisations.search({
            limit: PAGE,
            after: found.at(-1)?.slug,
            text: search,
          })
          found.push(...page)
          if (page.length < PAGE) return found.map((each) => shownOrganisation(installation, each))
        }
      })
      if (json) return shell.print(JSON.stringify(all))
      for (const { slug, issuer, name } of all)
        shell.print(`${slug.padEnd(24)}  ${issuer}  ${name}`)
    })
}

async function listRemoved(shell: Shell, json: true | undefined): Promise<void> {
  const all = await shell.open(async ({ organisationRemoval }) => {
    const found: Organisation[] = []
    for (;;) {
      const page = await organisationRemoval.listRemoved(PAGE, found.at(-1)?.slug)
      found.push(...page)
      if (page.length < PAGE) return found.map(shownRemoved)
    }
  })
  if (json) return shell.print(JSON.stringify(all))
  for (const { slug, restorable_until, name } of all)
    shell.print(`${slug.padEnd(24)}  until ${restorable_until}  ${name}`)
}

function showCommand(shell: Shell): Command {
  return new Command('show')
    .description('Shows what the organisation has chosen; `foyer settings list` shows its numbers.')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: true }) => {
      const found = await shell.open(async (installation) =>
        shownOrganisation(installation, installation.organisation),
      )
      if (json) return shell.print(JSON.stringify(found))
      for (const line of linesOf(found)) shell.print(line)
    })
}

function overviewCommand(shell: Shell): Command {
  return new Command('overview')
    .description('Shows sign-ins and new accounts of the last 30 days, and how much there is.')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: true }) => {
      const shown = overviewData(
        await shell.open(({ organisation, overview }) => overview(organisation)),
      )
      if (json) return shell.print(JSON.stringify(shown))
      const { customers, clients, live_sessions: sessions } = shown
      shell.print(`customers ${customers}  clients ${clients}  sessions ${sessions}`)
      for (const { day, sign_ins, new_accounts } of shown.days)
        shell.print(`${day}  ${String(sign_ins).padStart(8)} sign-ins  ${new_accounts} new`)
    })
}

function updateCommand(shell: Shell): Command {
  const command = new Command('update')
    .description('Changes what is named; a running server follows within two seconds.')
    .option('--json', 'print JSON')
  return withUpdateOptions(command).action(
    async ({ json, ...options }: UpdateOptions & { json?: true }) => {
      const changed = await shell.open(async (installation) => {
        const { organisation, organisationAdministration } = installation
        const act = { id: organisation._id, by: BY }
        const edit = editOf(organisation, options)
        return shownOrganisation(installation, await organisationAdministration.update(act, edit))
      })
      if (json) return shell.print(JSON.stringify(changed))
      for (const line of linesOf(changed)) shell.print(line)
    },
  )
}
