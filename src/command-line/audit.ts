// `foyer audit`: who did what in an organisation, whether the log is whole, and taking it elsewhere.

import { Command, InvalidArgumentError } from 'commander'
import { auditCsvHeader, auditCsvLine } from '../services/audit/audit-csv.ts'
import type { AuditQuery } from '../services/audit/audit-log.ts'
import type { ChainPlace, ChainReport } from '../services/audit/audit-verification.ts'
import { instantOf } from '../shared/instants.ts'
import type { AuditEntry } from '../stores/audit.ts'
import { NotWell, type Shell } from './shell.ts'

type ListOptions = AuditQuery & { limit: number; json?: true }

export function auditCommands(standing: Shell): Command {
  // The log of an organisation outlives it.
  const shell: Shell = {
    ...standing,
    open: (run) => standing.open(run, { alsoRemoved: true }),
  }
  return new Command('audit')
    .description('The audit log: who did what, to what, from where and when.')
    .addCommand(listCommand(shell))
    .addCommand(verifyCommand(shell))
    .addCommand(exportCommand(shell))
}

function filtered(command: Command): Command {
  return command
    .option('--action <action>', 'such as client.created')
    .option('--actor <id>', 'who did it: an account, command-line or system')
    .option('--target <id>', 'what it was done to')
    .option('--from <instant>', 'from then on, such as 2027-01-31 or 2027-01-31T12:00:00Z', instant)
    .option('--to <instant>', 'before then', instant)
}

function listCommand(shell: Shell): Command {
  return filtered(new Command('list').description('Lists rows, the newest first.'))
    .option('--limit <number>', 'at most this many, 1 to 1000', limitOf, 100)
    .option('--json', 'print JSON')
    .action(async ({ limit, json, ...query }: ListOptions) => {
      const found = await shell.open(({ organisation, auditLog }) =>
        auditLog.list(organisation._id, query, { limit }),
      )
      if (json) return shell.print(JSON.stringify(found.map(shown)))
      for (const entry of found) shell.print(lineOf(entry))
    })
}

function exportCommand(shell: Shell): Command {
  return filtered(
    new Command('export').description('Prints rows as CSV, the oldest first.'),
  ).action((query: AuditQuery) =>
    shell.open(async ({ organisation, auditLog }) => {
      shell.print(`${auditCsvHeader}\r`)
      for await (const entry of auditLog.each(organisation._id, query))
        shell.print(`${auditCsvLine(entry)}\r`)
    }),
  )
}

function verifyCommand(shell: Shell): Command {
  return new Command('verify')
    .description('Says whether a row was altered, removed or put in, and prints the head to keep.')
    .option('--head <sequence:hash>', 'one that was kept: it must still be in the chain', placeOf)
    .option('--json', 'print JSON')
    .action(async ({ head, json }: { head?: ChainPlace; json?: true }) => {
      const report = await shell.open(({ organisation, auditLog }) =>
        auditLog.verify(organisation._id, head),
      )
      shell.print(json ? JSON.stringify(report) : textOf(report))
      if (report.outcome === 'broken') throw new NotWell()
    })
}

function textOf({ outcome, rows, head, broken, unsealed, older }: ChainReport): string {
  return [
    `${outcome.padEnd(8)}  ${rows} rows hold together`,
    ...(broken ? [`broken    at ${broken.sequence}: ${broken.what}`] : []),
    ...(head ? [`head      ${head.sequence}:${head.hash}`] : []),
    ...(unsealed > 0 ? [`unsealed  ${unsealed} rows of the last seconds`] : []),
    ...(older > 0 ? [`older     ${older} rows from before there was a chain`] : []),
  ].join('\n')
}

function lineOf({ at, action, actor, target, source, before, after }: AuditEntry): string {
  const fields = [instantOf(at), action.padEnd(28), actor, target ?? '-', source ?? '-']
  const change = before || after ? [JSON.stringify({ before, after })] : []
  return [...fields, ...change].join('  ')
}

function shown({ _id, at, organisation: _, unsealed: __, ...entry }: AuditEntry) {
  return { id: _id, at: instantOf(at), ...entry }
}

function instant(text: string): number {
  const at = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(text)
    ? Date.parse(text)
    : Number.NaN
  if (!(at >= 0)) throw new InvalidArgumentError('It is a day or an instant with its zone.')
  return at
}

function placeOf(text: string): ChainPlace {
  const [, sequence, hash] = /^(\d{1,15}):([\w-]{43})$/.exec(text) ?? []
  if (sequence === undefined || hash === undefined)
    throw new InvalidArgumentError('It is as `verify` printed it.')
  return { sequence: Number(sequence), hash }
}

function limitOf(text: string): number {
  const limit = Number(text)
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    throw new InvalidArgumentError('It is a number from 1 to 1000.')
  return limit
}
