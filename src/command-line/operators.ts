// `foyer operators`: who looks after an organisation, and who after all of them.

import { Command } from 'commander'
import type { OperatorOutcome } from '../services/operators/operators.ts'
import { roleAt } from '../services/operators/roles.ts'
import { AppError, invalidField } from '../shared/errors.ts'
import { instantOf } from '../shared/instants.ts'
import { everyPage } from '../shared/pages.ts'
import type { Invitation } from '../stores/invitations.ts'
import { PLATFORM } from '../stores/operator-roles.ts'
import type { Operator } from '../stores/operators.ts'
import type { Installation } from './installation.ts'
import type { Shell } from './shell.ts'

const BY = { actor: 'command-line' }
const ROLE = 'viewer, editor or owner of the organisation'

type Options = { role?: string; platform?: true; locale?: string; json?: true }

export function operatorCommands(shell: Shell): Command {
  return new Command('operators')
    .description('Operators: who looks after an organisation, or after all of them.')
    .addCommand(addCommand(shell))
    .addCommand(inviteCommand(shell))
    .addCommand(listCommand(shell))
    .addCommand(setRoleCommand(shell))
    .addCommand(removeCommand(shell))
}

function addCommand(shell: Shell): Command {
  return new Command('add')
    .description('Makes the address an operator at once: without a role a platform owner.')
    .argument('<email>', 'the address that they will sign in with')
    .option('--role <role>', ROLE)
    .option('--platform', 'owner of every organisation, who may make new ones')
    .option('--json', 'print JSON')
    .action(async (email: string, { json }: Options, command: Command) => {
      const operator = await shell.open((installation) => {
        const { place, role } = placeAndRole(installation, command)
        return installation.operators.add(place, { email, role }, BY)
      })
      shell.print(json ? JSON.stringify(shown(operator)) : lineOf(operator))
    })
}

function inviteCommand(shell: Shell): Command {
  return new Command('invite')
    .description('Mails a link by which the address becomes an operator: once, within 7 days.')
    .argument('<email>', 'nobody else can accept it')
    .option('--role <role>', ROLE)
    .option('--platform', 'owner of every organisation, who may make new ones')
    .option('--locale <language>', 'of the mail; else the organisation’s')
    .option('--json', 'print JSON')
    .action(async (email: string, { json, locale }: Options, command: Command) => {
      const made = await shell.open(async (installation) => {
        const { place, role } = placeAndRole(installation, command)
        const who = { email, role, ...(locale !== undefined && { locale }) }
        const { invitation, link } = await installation.invitations.invite(place, who, BY)
        // Where it was mailed, nobody but its reader needs to know it.
        return { ...shown(invitation), link: installation.config.smtpUrl ? null : link }
      })
      if (json) return shell.print(JSON.stringify(made))
      shell.print(`${made.email}  ${made.role}  invited until ${made.expires_at}`)
      if (made.link) shell.print(`No mail server is set, so hand on this link:\n${made.link}`)
    })
}

function listCommand(shell: Shell): Command {
  return new Command('list')
    .description('Lists the organisation’s operators, the platform owners, and who is invited.')
    .option('--json', 'print JSON')
    .action(async ({ json }: Options) => {
      const all = await shell.open(async ({ organisation, operators, invitations }) => {
        const found: (Operator | Invitation)[] = []
        for (const place of [organisation._id, PLATFORM])
          for (const { list } of [operators, invitations]) {
            const all = await everyPage<Operator | Invitation>((page) => list(place, page))
            found.push(...all)
          }
        return found
      })
      if (json) return shell.print(JSON.stringify(all.map(shown)))
      for (const each of all) shell.print(lineOf(each))
    })
}

function setRoleCommand(shell: Shell): Command {
  return new Command('set-role')
    .description('Gives an operator of the organisation another role.')
    .argument('<email>')
    .argument('<role>', 'viewer, editor or owner')
    .option('--json', 'print JSON')
    .action(async (email: string, role: string, { json }: Options) => {
      const operator = await shell.open(async ({ organisation, operators }) => {
        const place = organisation._id
        return settled(await operators.changeRole(place, { email, role }, BY), { email, place })
      })
      shell.print(json ? JSON.stringify(shown(operator)) : lineOf(operator))
    })
}

function removeCommand(shell: Shell): Command {
  return new Command('remove')
    .description('Takes an operator’s role in the organisation away, or what invites them.')
    .argument('<email>')
    .option('--platform', 'no longer a platform owner')
    .option('--json', 'print JSON')
    .action(async (email: string, { platform, json }: Options) => {
      const gone = await shell.open(async ({ organisation, operators, invitations }) => {
        const place = platform ? PLATFORM : organisation._id
        const withdrawn = await invitations.withdraw(place, { email }, BY)
        const removed = await operators.remove(place, email, BY)
        if (withdrawn && removed.outcome === 'unknown') return withdrawn
        return settled(removed, { email, place })
      })
      shell.print(json ? JSON.stringify(shown(gone)) : `${lineOf(gone)}  removed`)
    })
}

/** Without a role it is the platform; where an organisation is named, a role has to be, too. */
function placeAndRole({ organisation }: Installation, command: Command) {
  const {
    role,
    platform,
    organisation: slug,
  } = command.optsWithGlobals<Options & { organisation?: string }>()
  const isBoth = role !== undefined && platform
  const isNeither = role === undefined && !platform && slug !== undefined
  if (isBoth || isNeither) throw invalidField('role', `must be ${ROLE}, or --platform in its place`)
  return role === undefined ? { place: PLATFORM, role: 'owner' } : { place: organisation._id, role }
}

function settled(done: OperatorOutcome, who: { email: string; place: string }): Operator {
  if (done.outcome === 'done') return done.operator
  const where = who.place === PLATFORM ? 'the platform' : 'the organisation'
  throw new AppError(done.outcome === 'unknown' ? 'not_found' : 'last_owner', {
    detail:
      done.outcome === 'unknown'
        ? `${who.email} is no operator of ${where}`
        : `${who.email} is the last owner of ${where}: make somebody else an owner first`,
  })
}

function shown(each: Operator | Invitation) {
  const expiresAt = 'expiresAt' in each ? instantOf(each.expiresAt) : null
  return {
    id: each._id,
    email: each.email,
    role: roleAt(each),
    invited: expiresAt !== null,
    created_at: instantOf(each.createdAt),
    expires_at: expiresAt,
  }
}

function lineOf(each: Operator | Invitation): string {
  const { email, role, expires_at } = shown(each)
  return `${email}  ${role}${expires_at === null ? '' : `  invited until ${expires_at}`}`
}
