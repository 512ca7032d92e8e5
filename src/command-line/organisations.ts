// `foyer organisations`: the businesses of this installation, and the hosts that are theirs.

import { Command } from 'commander'
import type { Organisation } from '../stores/organisations.ts'
import type { OpenInstallation } from './installation.ts'
import {
  editOf,
  linesOf,
  shownOrganisation,
  type UpdateOptions,
  withUpdateOptions,
} from './organisation-fields.ts'
import { hostRecordCommand, releaseHostCommand, setHostCommand } from './organisation-hosts.ts'
import { removeCommand, restoreCommand, shownRemoved } from './organisation-removal.ts'
import { print } from './print.ts'

const BY = { actor: 'command-line' }

type CreateOptions = {
  slug: string
  name: string
  locale?: string
  timeZone?: string
  currency?: string
  json?: true
}

export function organisationCommands(open: OpenInstallation): Command {
  return new Command('organisations')
    .description('Organisations: the businesses, each with an issuer of its own.')
    .addCommand(createCommand(open))
    .addCommand(listCommand(open))
    .addCommand(showCommand(open))
    .addCommand(updateCommand(open))
    .addCommand(overviewCommand(open))
    .addCommand(hostRecordCommand(open))
    .addCommand(setHostCommand(open))
    .addCommand(releaseHostCommand(open))
    .addCommand(removeCommand(open))
    .addCommand(restoreCommand(open))
}

function createCommand(open: OpenInstallation): Command {
  return new Command('create')
    .description('Makes an organisation and prints its issuer.')
    .exitOverride()
    .requiredOption('--slug <slug>', 'its name in addresses; never changed and never given again')
    .requiredOption('--name <name>', 'as customers read it')
    .option('--locale <language>', 'of pages and mails, where nobody asks for another')
    .option('--time-zone <zone>', 'such as Europe/Rome')
    .option('--currency <code>', 'such as EUR')
    .option('--json', 'print JSON')
    .action(async ({ json, ...input }: CreateOptions) => {
      const made = await open(async (installation) => {
        const { organisationAdministration } = installation
        const organisation = await organisationAdministration.create(input, BY)
        return shownOrganisation(installation, organisation)
      })
      print(json ? JSON.stringify(made) : `issuer  ${made.issuer}`)
    })
}

const PAGE = 100

type ListOptions = { search?: string; removed?: true; json?: true }

function listCommand(open: OpenInstallation): Command {
  return new Command('list')
    .description('Lists the organisations in the order of their slugs.')
    .exitOverride()
    .option('--search <text>', 'whose slug or name begins with it')
    .option('--removed', 'those that were removed, and can be restored')
    .option('--json', 'print JSON')
    .action(async ({ search, removed, json }: ListOptions) => {
      if (removed) return listRemoved(open, json)
      const all = await open(async (installation) => {
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
      if (json) return print(JSON.stringify(all))
      for (const { slug, issuer, name } of all) print(`${slug.padEnd(24)}  ${issuer}  ${name}`)
    })
}

async function listRemoved(open: OpenInstallation, json: true | undefined): Promise<void> {
  const all = await open(async ({ organisationRemoval }) => {
    const found: Organisation[] = []
    for (;;) {
      const page = await organisationRemoval.listRemoved(PAGE, found.at(-1)?.slug)
      found.push(...page)
      if (page.length < PAGE) return found.map(shownRemoved)
    }
  })
  if (json) return print(JSON.stringify(all))
  for (const { slug, restorable_until, name } of all)
    print(`${slug.padEnd(24)}  until ${restorable_until}  ${name}`)
}

function showCommand(open: OpenInstallation): Command {
  return new Command('show')
    .description('Shows what the organisation has chosen; `foyer settings list` shows its numbers.')
    .exitOverride()
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: true }) => {
      const found = await open(async (installation) =>
        shownOrganisation(installation, installation.organisation),
      )
      if (json) return print(JSON.stringify(found))
      for (const line of linesOf(found)) print(line)
    })
}

function overviewCommand(open: OpenInstallation): Command {
  return new Command('overview')
    .description('Shows sign-ins and new accounts of the last 30 days, and how much there is.')
    .exitOverride()
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: true }) => {
      const { days, totals } = await open(({ organisation, overview }) => overview(organisation))
      const shown = {
        days: days.map(({ day, signIns, newAccounts }) => ({
          day,
          sign_ins: signIns,
          new_accounts: newAccounts,
        })),
        active_sessions: totals.activeSessions,
        clients: totals.clients,
        customers: totals.customers,
      }
      if (json) return print(JSON.stringify(shown))
      print(
        `customers ${totals.customers}  clients ${totals.clients}  sessions ${totals.activeSessions}`,
      )
      for (const { day, sign_ins, new_accounts } of shown.days)
        print(`${day}  ${String(sign_ins).padStart(8)} sign-ins  ${new_accounts} new`)
    })
}

function updateCommand(open: OpenInstallation): Command {
  const command = new Command('update')
    .description('Changes what is named; a running server follows within two seconds.')
    .exitOverride()
    .option('--json', 'print JSON')
  return withUpdateOptions(command).action(
    async ({ json, ...options }: UpdateOptions & { json?: true }) => {
      const changed = await open(async (installation) => {
        const { organisation, organisationAdministration } = installation
        const act = { id: organisation._id, by: BY }
        const edit = editOf(organisation, options)
        return shownOrganisation(installation, await organisationAdministration.update(act, edit))
      })
      if (json) return print(JSON.stringify(changed))
      for (const line of linesOf(changed)) print(line)
    },
  )
}
