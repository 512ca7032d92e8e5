// `foyer keys`: an organisation's signing keys, and rotating them.

import { Command } from 'commander'
import { keyData } from '../routes/admin-api/key-messages.ts'
import type { KeyReport } from '../services/identity/keys/key-rotation.ts'
import { instantOf } from '../shared/instants.ts'
import type { Shell } from './shell.ts'

const BY = { actor: 'command-line' }

export function keyCommands(shell: Shell): Command {
  return new Command('keys')
    .description('Signing keys of the tokens.')
    .addCommand(listCommand(shell))
    .addCommand(rotateCommand(shell))
}

function listCommand(shell: Shell): Command {
  return new Command('list')
    .description(
      'Lists the signing keys: what each is good for, and under which SECRET it is sealed.',
    )
    .option('--json', 'print JSON')
    .action((options: { json?: true }) => list(shell, options))
}

function rotateCommand(shell: Shell): Command {
  return new Command('rotate')
    .description('Publishes the next signing keys, which sign a day later. Nobody notices.')
    .option('--now', 'in an emergency: new keys sign at once, and all others are withdrawn')
    .option('--json', 'print JSON')
    .action((options: { now?: true; json?: true }) => rotate(shell, options))
}

async function list(shell: Shell, { json }: { json?: true }): Promise<void> {
  const keys = await shell.open(({ organisation, keys }) => keys.rotation.report(organisation._id))
  if (json) return shell.print(JSON.stringify(keys.map(keyData)))
  for (const key of keys) shell.print(lineOf(key))
}

async function rotate(shell: Shell, { now, json }: { now?: true; json?: true }): Promise<void> {
  if (now) return replace(shell, { json })
  const keys = await shell.open(async ({ organisation, keys }) => {
    await keys.signingKeys.forOrganisation(organisation._id) // makes those of an organisation not used yet
    return keys.rotation.rotate(organisation._id, BY)
  })
  if (json) return shell.print(JSON.stringify({ next: keys.map(keyData) }))
  for (const key of keys) shell.print(lineOf(key))
}

async function replace(shell: Shell, { json }: { json?: true | undefined }): Promise<void> {
  const { keys, withdrawn } = await shell.open(({ organisation, keys }) =>
    keys.rotation.replace(organisation._id, BY),
  )
  if (json) shell.print(JSON.stringify({ current: keys.map(keyData), withdrawn }))
  else {
    for (const key of keys) shell.print(lineOf(key))
    for (const kid of withdrawn) shell.print(`withdrawn  ${kid}`)
  }
  shell.warn(consequences)
}

const consequences = `Within 5 seconds every process signs with the new keys and refuses what the withdrawn ones signed:
signed access tokens (applications refresh them; sessions and refresh tokens stay), ID tokens that are
checked late or shown to sign out, and logout tokens under way. An application that keeps the key set
without asking again for a key it does not know refuses new tokens until it asks: 5 minutes at the most
where it minds how long the set may be kept.`

function lineOf(key: KeyReport): string {
  const when = {
    next: `signs from ${instant(key.activeFrom)}`,
    current: `signs since ${instant(key.activeFrom)}`,
    former: `published until ${instant(key.retiresAt)}`,
    retired: `kept for sign-outs until ${instant(key.expiresAt)}`,
  }[key.state]
  const seal = {
    current: 'sealed under the current SECRET',
    older: 'sealed under an older SECRET',
    unknown: 'sealed under a SECRET that is not listed',
  }[key.sealedUnder]
  return `${key.alg}  ${key.state.padEnd(7)}  ${key._id}  ${when}, ${seal}`
}

function instant(time: number | undefined): string {
  return time === undefined ? '' : instantOf(time)
}
