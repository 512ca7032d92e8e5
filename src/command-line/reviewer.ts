// `foyer reviewer`: an address with a fixed code, for the people who review an organisation's apps.

import { Command } from 'commander'
import type { People } from '../compose/people.ts'
import { resolveSignInSettings } from '../services/identity/limits/settings.ts'
import { invalidField } from '../shared/errors.ts'
import { instantOf } from '../shared/instants.ts'
import type { Reviewer } from '../stores/reviewers.ts'
import type { Shell } from './shell.ts'

const ACTOR = 'command-line'

export function reviewerCommands(shell: Shell): Command {
  return new Command('reviewer')
    .description('An address that signs in with a fixed code, for reviewers of app stores.')
    .addCommand(setCommand(shell))
    .addCommand(showCommand(shell))
    .addCommand(removeCommand(shell))
}

function setCommand(shell: Shell): Command {
  return new Command('set')
    .description(
      'Makes a fixed code for the address, and prints it this once. Who used the one before is signed out.',
    )
    .argument('<email>', 'exactly this address; no codes are mailed to it any more')
    .requiredOption('--expires <day>', 'the last day it works, in UTC, such as 2027-01-31')
    .option('--json', 'print JSON')
    .action((email: string, options: { expires: string; json?: true }) =>
      set(shell, email, options),
    )
}

function showCommand(shell: Shell): Command {
  return new Command('show')
    .description('Shows the address, until when it works, and how many wrong codes it has seen.')
    .option('--json', 'print JSON')
    .action((options: { json?: true }) => show(shell, options))
}

function removeCommand(shell: Shell): Command {
  return new Command('remove')
    .description(
      'Takes the fixed code away, and signs out who used it: from now on codes are mailed to the address.',
    )
    .option('--json', 'print JSON')
    .action((options: { json?: true }) => remove(shell, options))
}

async function set(
  shell: Shell,
  email: string,
  options: { expires: string; json?: true },
): Promise<void> {
  const expiresAt = endOf(options.expires)
  const made = await shell.open(async ({ organisation, reviewers, audit, people }) => {
    const { _id } = organisation
    const settings = resolveSignInSettings(organisation.signIn)
    const before = await reviewers.find(_id)
    const result = await reviewers.set({ organisation: _id, email, expiresAt }, settings)
    await audit.record({ organisation: _id, action: 'reviewer.set', actor: ACTOR })
    // What the former code opened ends with it.
    await signOut(people, before)
    return { ...result, settings }
  })
  const { reviewer, code, settings } = made
  if (options.json) return shell.print(JSON.stringify({ ...shown(reviewer), code }))
  shell.print(lineOf(reviewer))
  shell.print(`code  ${code}\n\nThe code is shown this once: keep it now.`)
  shell.warn(
    `Whoever knows this code signs in as ${reviewer.email}: use an address of no customer. After ${settings.reviewerGuesses} wrong codes it is dead.`,
  )
}

async function show(shell: Shell, { json }: { json?: true }): Promise<void> {
  const reviewer = await shell.open(({ organisation, reviewers }) =>
    reviewers.find(organisation._id),
  )
  if (json) shell.print(JSON.stringify(reviewer ? shown(reviewer) : null))
  else shell.print(reviewer ? lineOf(reviewer) : 'There is no reviewer.')
}

async function remove(shell: Shell, { json }: { json?: true }): Promise<void> {
  const isRemoved = await shell.open(async ({ organisation, reviewers, audit, people }) => {
    const { _id } = organisation
    const reviewer = await reviewers.find(_id)
    const wasThere = await reviewers.remove(_id)
    if (wasThere)
      await audit.record({ organisation: _id, action: 'reviewer.removed', actor: ACTOR })
    // Their sessions would count as proven by mail from now on.
    await signOut(people, reviewer)
    return wasThere
  })
  if (json) shell.print(JSON.stringify({ removed: isRemoved }))
  else shell.print(isRemoved ? 'Removed.' : 'There is no reviewer.')
}

/** Ends what a code has opened that is good no more. */
async function signOut({ accounts }: People, reviewer: Reviewer | undefined): Promise<void> {
  if (!reviewer) return
  const { organisation, email } = reviewer
  const account = await accounts.findByEmail(organisation, email)
  if (account) await accounts.signOut({ organisation, id: account._id, by: { actor: ACTOR } })
}

/** The last millisecond of a day in UTC. */
function endOf(day: string): number {
  const at = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T23:59:59.999Z`) : Number.NaN
  // 31 February is read as 3 March.
  if (!Number.isNaN(at) && new Date(at).toISOString().startsWith(day)) return at
  throw invalidField('expires', 'must be a day such as 2027-01-31')
}

/** Without the digest. */
function shown({ email, expiresAt, guesses }: Reviewer) {
  return { email, expires_at: instantOf(expiresAt), wrong_codes: guesses }
}

function lineOf({ email, expiresAt, guesses }: Reviewer): string {
  const until = new Date(expiresAt).toISOString().slice(0, 10)
  return `${email}  until ${until}  ${guesses} wrong codes`
}
