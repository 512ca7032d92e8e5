// `foyer sessions`: which browsers are signed in, and ending a session.

import { Command } from 'commander'
import { sessionData } from '../routes/admin-api/people-messages.ts'
import { everyPage } from '../shared/pages.ts'
import { wholeNumber } from './client-options.ts'
import { BY } from './people-fields.ts'
import type { Shell } from './shell.ts'

type Options = { account?: string; limit: number; json?: true }

export function sessionCommands(shell: Shell): Command {
  return new Command('sessions')
    .description('Sessions: the browsers in which somebody is signed in.')
    .addCommand(listCommand(shell))
    .addCommand(endCommand(shell))
}

function listCommand(shell: Shell): Command {
  return new Command('list')
    .description('Lists the sessions, the one that began last first.')
    .option('--account <id>', 'only this account’s')
    .option('--limit <number>', 'at most this many', wholeNumber, 100)
    .option('--json', 'print JSON')
    .action(async ({ account, limit, json }: Options) => {
      const found = await shell.open(({ organisation, people }) =>
        everyPage((page) => people.sessions.list(organisation._id, { ...page, account }), limit),
      )
      const shown = found.map(sessionData)
      if (json) return shell.print(JSON.stringify(shown))
      for (const { id, email, browser, system, last_seen_at } of shown)
        shell.print([id, email ?? '-', browser ?? '-', system ?? '-', last_seen_at].join('  '))
    })
}

function endCommand(shell: Shell): Command {
  return (
    new Command('end')
      .description('Ends a session, as if its owner signed out in that browser.')
      // One in 64 ids begins like an option.
      .allowUnknownOption()
      .helpOption('--help', 'display help for command')
      .argument('<session-id>', 'as `list` prints it')
      .option('--json', 'print JSON')
      .action(async (id: string, { json }: { json?: true }) => {
        await shell.open(({ organisation, people }) =>
          people.sessions.end(organisation._id, id, BY),
        )
        shell.print(json ? JSON.stringify({ id, ended: true }) : `${id}  is ended`)
      })
  )
}
