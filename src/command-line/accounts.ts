// `foyer accounts`: who can sign in, what they have open, and shutting somebody out.

import { Command } from 'commander'
import { accountData, accountDetailsData } from '../routes/admin-api/people-messages.ts'
import { AppError } from '../shared/errors.ts'
import { everyPage } from '../shared/pages.ts'
import type { Account } from '../stores/accounts.ts'
import { wholeNumber } from './client-options.ts'
import { confirmErasure } from './confirm.ts'
import type { Installation } from './installation.ts'
import { BY, fieldLines } from './people-fields.ts'
import type { Shell } from './shell.ts'

type Json = { json?: true }

export function accountCommands(shell: Shell): Command {
  return new Command('accounts')
    .description('Accounts: the people who sign in.')
    .addCommand(disableCommand(shell))
    .addCommand(enableCommand(shell))
    .addCommand(signOutCommand(shell))
    .addCommand(showCommand(shell))
    .addCommand(removePermissionCommand(shell))
    .addCommand(eraseCommand(shell))
    .addCommand(listCommand(shell))
}

function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument('<account>', 'the address that they sign in with, or the id')
    .option('--json', 'print JSON')
}

function disableCommand(shell: Shell): Command {
  return command(
    'disable',
    'Signs somebody out everywhere, within seconds, and lets them in no more.',
  ).action((text: string, options: Json) =>
    change(shell, text, {
      ...options,
      run: ({ people }, act) => people.accounts.disable(act),
      said: 'is disabled, and signed out everywhere',
    }),
  )
}

function enableCommand(shell: Shell): Command {
  return command('enable', 'Lets somebody sign in again.').action((text: string, options: Json) =>
    change(shell, text, {
      ...options,
      run: ({ people }, act) => people.accounts.enable(act),
      said: 'can sign in again',
    }),
  )
}

function signOutCommand(shell: Shell): Command {
  return command(
    'sign-out',
    'Ends every session of somebody, and whatever they gave to applications.',
  ).action((text: string, options: Json) =>
    change(shell, text, {
      ...options,
      run: ({ people }, act) => people.accounts.signOut(act),
      said: 'is signed out everywhere',
    }),
  )
}

function removePermissionCommand(shell: Shell): Command {
  return command('remove-permission', 'Takes back what somebody allowed an application.')
    .argument('<client-id>', 'as `show` prints it')
    .action((text: string, client: string, options: Json) =>
      change(shell, text, {
        ...options,
        run: ({ people }, act) => people.accounts.removePermission(act, client),
        said: `allows ${client} nothing any more`,
      }),
    )
}

function showCommand(shell: Shell): Command {
  return command('show', 'Shows an account: its customer, its sessions, what it allowed.').action(
    async (text: string, { json }: Json) => {
      const account = await shell.open(async (opened) => {
        const { _id } = await found(opened, text)
        return opened.people.accounts.show(opened.organisation._id, _id)
      })
      const fields = accountDetailsData(account)
      if (json) return shell.print(JSON.stringify(fields))
      const { permissions: given, ...others } = fields
      for (const line of fieldLines(others)) shell.print(line)
      for (const { client_id, client_name, scopes } of given)
        shell.print(`permission        ${client_id}  ${client_name ?? '-'}  ${scopes.join(' ')}`)
    },
  )
}

function eraseCommand(shell: Shell): Command {
  return command(
    'erase',
    'Erases somebody for ever: the account, what belongs to it, and the customer linked to it.',
  )
    .option('--yes', 'without asking for the id once more')
    .action(async (text: string, options: Json & { yes?: true }) => {
      const { _id } = await shell.open((opened) => found(opened, text))
      await confirmErasure(shell, _id, options)
      await shell.open(({ organisation, people }) =>
        people.accounts.erase({ organisation: organisation._id, id: _id, by: BY }),
      )
      shell.print(options.json ? JSON.stringify({ sub: _id, erased: true }) : `${_id}  is erased`)
    })
}

function listCommand(shell: Shell): Command {
  return new Command('list')
    .description('Lists the accounts, by address; or those whose address begins so.')
    .argument('[text]', 'how the address begins, or the id')
    .option('--limit <number>', 'at most this many', wholeNumber)
    .option('--json', 'print JSON')
    .action(async (q: string | undefined, { json, limit }: Json & { limit?: number }) => {
      const accounts = await shell.open(({ organisation, people }) =>
        everyPage((page) => people.accounts.list(organisation._id, { ...page, q }), limit),
      )
      if (q !== undefined && accounts.length === 0) throw nobody(q)
      if (json) return shell.print(JSON.stringify(accounts.map(accountData)))
      for (const { _id, displayEmail, disabledAt } of accounts)
        shell.print(`${_id}  ${displayEmail}${disabledAt === undefined ? '' : '  disabled'}`)
    })
}

type Act = { organisation: string; id: string; by: typeof BY }

async function change(
  shell: Shell,
  text: string,
  how: Json & { run(opened: Installation, act: Act): Promise<unknown>; said: string },
): Promise<void> {
  const account = await shell.open(async (opened) => {
    const { _id } = await found(opened, text)
    const organisation = opened.organisation._id
    await how.run(opened, { organisation, id: _id, by: BY })
    return (await opened.people.accounts.show(organisation, _id)).account
  })
  if (how.json) return shell.print(JSON.stringify(accountData(account)))
  shell.print(`${account._id}  ${account.displayEmail}  ${how.said}`)
}

async function found({ people, organisation }: Installation, text: string): Promise<Account> {
  if (text.startsWith('acc_')) return (await people.accounts.show(organisation._id, text)).account
  const account = await people.accounts.findByEmail(organisation._id, text)
  if (!account) throw nobody(text)
  return account
}

function nobody(text: string): AppError {
  return new AppError('not_found', { detail: `nobody has signed in as ${text}` })
}
