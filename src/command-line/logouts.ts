// `foyer logouts`: what became of telling applications that sessions are over.

import { Command, InvalidArgumentError } from 'commander'
import type { LogoutDelivery } from '../services/identity/sessions/logout-log.ts'
import { instantOf } from '../shared/instants.ts'
import type { Shell } from './shell.ts'

type ListOptions = { limit: number; json?: true }

export function logoutCommands(shell: Shell): Command {
  return new Command('logouts')
    .description('Back-channel logout: which applications were told that a session is over.')
    .addCommand(listCommand(shell))
    .addCommand(resendCommand(shell))
}

function listCommand(shell: Shell): Command {
  return new Command('list')
    .description('Lists the notices of the last 30 days, the newest first.')
    .option('--limit <number>', 'at most this many, 1 to 1000', limitOf, 100)
    .option('--json', 'print JSON')
    .action((options: ListOptions) => list(shell, options))
}

function resendCommand(shell: Shell): Command {
  return new Command('resend')
    .description('Has a notice sent once more, within seconds, by a server that runs.')
    .argument('<id>', 'as it is listed')
    .action((id: string) => resend(shell, id))
}

async function list(shell: Shell, { limit, json }: ListOptions): Promise<void> {
  const found = await shell.open(({ organisation, logouts }) =>
    logouts.list(organisation._id, limit),
  )
  if (json) return shell.print(JSON.stringify(found.map(shown)))
  for (const delivery of found) shell.print(lineOf(delivery))
}

async function resend(shell: Shell, id: string): Promise<void> {
  await shell.open(async ({ organisation, logouts, audit }) => {
    if (!(await logouts.resend(organisation._id, id))) throw new Error(`${id} is no notice`)
    await audit.record({
      organisation: organisation._id,
      action: 'logout.resent',
      actor: 'command-line',
      target: id,
    })
  })
}

function lineOf({ id, client, state, attempts, createdAt, error }: LogoutDelivery): string {
  const fields = [instantOf(createdAt), state.padEnd(9), `${attempts}`, client, id]
  return [...fields, ...(error ? [error] : [])].join('  ')
}

function shown(delivery: LogoutDelivery) {
  const { id, client, account, session, state, attempts, createdAt, nextAt, endedAt, error } =
    delivery
  return {
    id,
    client_id: client,
    account_id: account,
    session_id: session,
    state,
    attempts,
    created_at: instantOf(createdAt),
    ...(nextAt !== undefined && { next_at: instantOf(nextAt) }),
    ...(endedAt !== undefined && { ended_at: instantOf(endedAt) }),
    ...(error !== undefined && { error }),
  }
}

function limitOf(text: string): number {
  const limit = Number(text)
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    throw new InvalidArgumentError('It is a number from 1 to 1000.')
  return limit
}
