// `foyer organisations remove` and `restore`: an organisation goes at once, and for good after 30 days.

import { Command } from 'commander'
import { RESTORABLE } from '../services/organisations/organisation-removal.ts'
import { instantOf } from '../shared/instants.ts'
import type { Organisation } from '../stores/organisations.ts'
import { shownOrganisation } from './organisation-fields.ts'
import type { Shell } from './shell.ts'

const BY = { actor: 'command-line' }

export function removeCommand(shell: Shell): Command {
  return new Command('remove')
    .description(
      'Removes the organisation: all its addresses are gone at once, its data in 30 days.',
    )
    .option('--confirm <slug>', 'its slug once more; without, nothing is done')
    .option('--json', 'print JSON')
    .action(async ({ confirm, json }: { confirm?: string; json?: true }) => {
      const removed = await shell.open(async ({ organisation, organisationRemoval, overview }) => {
        if (confirm === undefined) {
          const { liveSessions, clients, customers } = (await overview(organisation)).totals
          throw new Error(
            `It has ${customers} customers, ${clients} clients and ${liveSessions} live sessions. Nothing was done: say --confirm ${organisation.slug} to remove it.`,
          )
        }
        const act = { id: organisation._id, by: BY }
        return shownRemoved(await organisationRemoval.remove(act, confirm))
      })
      if (json) return shell.print(JSON.stringify(removed))
      shell.print(`${removed.slug}  can be restored until ${removed.restorable_until}`)
    })
}

export function restoreCommand(shell: Shell): Command {
  return new Command('restore')
    .description('Takes a removal back; everybody has to sign in again.')
    .argument('<slug>', 'as `foyer organisations list --removed` shows it')
    .option('--json', 'print JSON')
    .action(async (slug: string, { json }: { json?: true }) => {
      const restored = await shell.open(async (installation) =>
        shownOrganisation(installation, await installation.organisationRemoval.restore(slug, BY)),
      )
      shell.print(json ? JSON.stringify(restored) : `issuer  ${restored.issuer}`)
    })
}

/** One that can be restored. */
export function shownRemoved({ slug, name, removedAt = 0 }: Organisation) {
  return {
    slug,
    name,
    removed_at: instantOf(removedAt),
    restorable_until: instantOf(removedAt + RESTORABLE),
  }
}
