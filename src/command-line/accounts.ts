// `foyer accounts`: who can sign in, and shutting somebody out.

import { Command } from 'commander'
import { AppError } from '../shared/errors.ts'
import type { Account } from '../stores/accounts.ts'
import type { OpenInstallation } from './installation.ts'
import { print } from './print.ts'

const BY = { actor: 'command-line' }

export function accountCommands(open: OpenInstallation): Command {
  return new Command('accounts')
    .description('Accounts: the people who sign in.')
    .addCommand(disableCommand(open))
    .addCommand(enableCommand(open))
    .addCommand(listCommand(open))
}

function disableCommand(open: OpenInstallation): Command {
  return new Command('disable')
    .description('Signs somebody out everywhere, within seconds, and lets them in no more.')
    .exitOverride()
    .argument('<email>', 'the address that they sign in with')
    .action((email: string) =>
      change(open, email, {
        run: ({ accounts, organisation }, id) => accounts.disable(organisation._id, id, BY),
        said: 'is disabled, and signed out everywhere',
      }),
    )
}

function enableCommand(open: OpenInstallation): Command {
  return new Command('enable')
    .description('Lets somebody sign in again.')
    .exitOverride()
    .argument('<email>', 'the address that they sign in with')
    .action((email: string) =>
      change(open, email, {
        run: ({ accounts, organisation }, id) => accounts.enable(organisation._id, id, BY),
        said: 'can sign in again',
      }),
    )
}

function listCommand(open: OpenInstallation): Command {
  return new Command('list')
    .description('Lists the accounts, by address; or the one of an address.')
    .exitOverride()
    .argument('[email]')
    .option('--json', 'print JSON')
    .action((email: string | undefined, options: { json?: true }) => list(open, email, options))
}

type Opened = Parameters<Parameters<OpenInstallation>[0]>[0]

async function change(
  open: OpenInstallation,
  email: string,
  how: { run(opened: Opened, id: string): Promise<unknown>; said: string },
): Promise<void> {
  const { _id, displayEmail } = await open(async (opened) => {
    const account = await found(opened, email)
    await how.run(opened, account._id)
    return account
  })
  print(`${_id}  ${displayEmail}  ${how.said}`)
}

async function found({ accounts, organisation }: Opened, email: string): Promise<Account> {
  const account = await accounts.findByEmail(organisation._id, email)
  if (!account) throw new AppError('not_found', { detail: `nobody has signed in as ${email}` })
  return account
}

const PAGE = 100

async function list(
  open: OpenInstallation,
  email: string | undefined,
  { json }: { json?: true },
): Promise<void> {
  const accounts = await open(async (opened) =>
    email === undefined ? all(opened) : [await found(opened, email)],
  )
  if (json) return print(JSON.stringify(accounts.map(shown)))
  for (const { _id, displayEmail, disabledAt } of accounts)
    print(`${_id}  ${displayEmail}${disabledAt === undefined ? '' : '  disabled'}`)
}

async function all({ accounts, organisation }: Opened): Promise<Account[]> {
  const listed: Account[] = []
  for (;;) {
    const page = await accounts.list(organisation._id, PAGE, listed.at(-1))
    listed.push(...page)
    if (page.length < PAGE) return listed
  }
}

function shown({ _id, displayEmail, customer, createdAt, lastSignInAt, disabledAt }: Account) {
  const iso = (at: number): string => new Date(at).toISOString()
  return {
    sub: _id,
    email: displayEmail,
    customer: customer ?? null,
    created_at: iso(createdAt),
    last_sign_in_at: iso(lastSignInAt),
    disabled_at: disabledAt === undefined ? null : iso(disabledAt),
  }
}
