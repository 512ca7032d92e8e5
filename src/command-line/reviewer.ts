// `foyer reviewer`: an address with a fixed code, for the people who review an organisation's apps.

import { Command } from 'commander'
import { resolveSignInSettings } from '../services/identity/limits/settings.ts'
import { AppError } from '../shared/errors.ts'
import type { Reviewer } from '../stores/reviewers.ts'
import type { OpenInstallation } from './installation.ts'
import { print } from './print.ts'

const ACTOR = 'command-line'

export function reviewerCommands(open: OpenInstallation): Command {
  return new Command('reviewer')
    .description('An address that signs in with a fixed code, for reviewers of app stores.')
    .addCommand(setCommand(open))
    .addCommand(showCommand(open))
    .addCommand(removeCommand(open))
}

function setCommand(open: OpenInstallation): Command {
  return new Command('set')
    .description('Makes a fixed code for the address, and prints it this once.')
    .exitOverride()
    .argument('<email>', 'exactly this address; no codes are mailed to it any more')
    .requiredOption('--expires <day>', 'the last day it works, in UTC, such as 2027-01-31')
    .option('--json', 'print JSON')
    .action((email: string, options: { expires: string; json?: true }) => set(open, email, options))
}

function showCommand(open: OpenInstallation): Command {
  return new Command('show')
    .description('Shows the address, until when it works, and how many wrong codes it has seen.')
    .exitOverride()
    .option('--json', 'print JSON')
    .action((options: { json?: true }) => show(open, options))
}

function removeCommand(open: OpenInstallation): Command {
  return new Command('remove')
    .description('Takes the fixed code away: from now on codes are mailed to the address.')
    .exitOverride()
    .option('--json', 'print JSON')
    .action((options: { json?: true }) => remove(open, options))
}

async function set(
  open: OpenInstallation,
  email: string,
  options: { expires: string; json?: true },
): Promise<void> {
  const expiresAt = endOf(options.expires)
  const made = await open(async ({ organisation, reviewers, audit }) => {
    const settings = resolveSignInSettings(organisation.signIn)
    const result = await reviewers.set(
      { organisation: organisation._id, email, expiresAt },
      settings,
    )
    await audit.record({ organisation: organisation._id, action: 'reviewer.set', actor: ACTOR })
    return { ...result, settings }
  })
  const { reviewer, code, settings } = made
  if (options.json) return print(JSON.stringify({ ...shown(reviewer), code }))
  print(lineOf(reviewer))
  print(`code  ${code}\n\nThe code is shown this once: keep it now.`)
  process.stderr.write(
    `Whoever knows this code signs in as ${reviewer.email}: use an address of no customer. After ${settings.reviewerGuesses} wrong codes it is dead.\n`,
  )
}

async function show(open: OpenInstallation, { json }: { json?: true }): Promise<void> {
  const reviewer = await open(({ organisation, reviewers }) => reviewers.find(organisation._id))
  if (json) print(JSON.stringify(reviewer ? shown(reviewer) : null))
  else print(reviewer ? lineOf(reviewer) : 'There is no reviewer.')
}

async function remove(open: OpenInstallation, { json }: { json?: true }): Promise<void> {
  const isRemoved = await open(async ({ organisation, reviewers, audit }) => {
    const wasThere = await reviewers.remove(organisation._id)
    const entry = {
      organisation: organisation._id,
      action: 'reviewer.removed',
      actor: ACTOR,
    } as const
    if (wasThere) await audit.record(entry)
    return wasThere
  })
  if (json) print(JSON.stringify({ removed: isRemoved }))
  else print(isRemoved ? 'Removed.' : 'There is no reviewer.')
}

/** The last millisecond of a day in UTC. */
function endOf(day: string): number {
  const at = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T23:59:59.999Z`) : Number.NaN
  // 31 February is read as 3 March.
  if (!Number.isNaN(at) && new Date(at).toISOString().startsWith(day)) return at
  throw new AppError('invalid_fields', {
    fields: [{ path: 'expires', message: 'must be a day such as 2027-01-31' }],
  })
}

/** Without the digest. */
function shown({ email, expiresAt, guesses }: Reviewer) {
  return { email, expires_at: new Date(expiresAt).toISOString(), wrong_codes: guesses }
}

function lineOf({ email, expiresAt, guesses }: Reviewer): string {
  const until = new Date(expiresAt).toISOString().slice(0, 10)
  return `${email}  until ${until}  ${guesses} wrong codes`
}
