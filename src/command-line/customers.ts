// `foyer customers`: the business's records of people, and the accounts they are linked to.

import { clientApi, type ProfilePatch } from '@foyer/contract'
import { Command } from 'commander'
import { customerData, customerDetailsData } from '../routes/admin-api/people-messages.ts'
import type { SeenCustomer } from '../services/commerce/customer-administration.ts'
import { AppError } from '../shared/errors.ts'
import { everyPage } from '../shared/pages.ts'
import { wholeNumber } from './client-options.ts'
import { confirmErasure } from './confirm.ts'
import type { Installation } from './installation.ts'
import { BY, customerLine, fieldLines } from './people-fields.ts'
import type { Shell } from './shell.ts'

type Json = { json?: true }

export function customerCommands(shell: Shell): Command {
  return new Command('customers')
    .description('Customers: the business’s records of people.')
    .addCommand(listCommand(shell))
    .addCommand(showCommand(shell))
    .addCommand(createCommand(shell))
    .addCommand(linkCommand(shell))
    .addCommand(unlinkCommand(shell))
    .addCommand(eraseCommand(shell))
}

function command(name: string, description: string): Command {
  return new Command(name).description(description).option('--json', 'print JSON')
}

const ID = ['<customer-id>', 'as `list` prints it'] as const

function listCommand(shell: Shell): Command {
  return command(
    'list',
    'Lists the customers; or those whose name, address or telephone begins so.',
  )
    .argument('[text]', 'how it begins, or the id')
    .option('--limit <number>', 'at most this many', wholeNumber)
    .action(async (q: string | undefined, { json, limit }: Json & { limit?: number }) => {
      const customers = await shell.open(({ organisation, people }) =>
        everyPage((page) => people.customers.list(organisation._id, { ...page, q }), limit),
      )
      if (json) return shell.print(JSON.stringify(customers.map(customerData)))
      for (const each of customers) shell.print(customerLine(each))
    })
}

function showCommand(shell: Shell): Command {
  return command('show', 'Shows a customer, and when their account was used last.')
    .argument(...ID)
    .action(async (id: string, { json }: Json) => {
      const seen = await shell.open(({ organisation, people }) =>
        people.customers.show(organisation._id, id),
      )
      const fields = customerDetailsData(seen)
      if (json) return shell.print(JSON.stringify(fields))
      for (const line of fieldLines(fields)) shell.print(line)
    })
}

type CreateOptions = Json & {
  email: string
  givenName?: string
  familyName?: string
  phone?: string
  birthDate?: string
  locale?: string
  timeZone?: string
}

function createCommand(shell: Shell): Command {
  return command(
    'create',
    'Makes a customer; an account with the address is linked at its next sign-in.',
  )
    .requiredOption('--email <address>', 'theirs')
    .option('--given-name <name>')
    .option('--family-name <name>')
    .option('--phone <number>', 'with the country, such as +442071234567')
    .option('--birth-date <date>', 'such as 1990-01-31')
    .option('--locale <language>', 'such as en-GB')
    .option('--time-zone <zone>', 'such as Europe/London')
    .action(async ({ json, email, ...options }: CreateOptions) => {
      const input = { email, ...profileOf(options) }
      const made = await shell.open(({ organisation, people }) =>
        people.customers.create(organisation._id, input, BY),
      )
      shell.print(json ? JSON.stringify(customerData(made)) : customerLine(made))
    })
}

function profileOf(options: Omit<CreateOptions, 'json' | 'email'>): ProfilePatch {
  const { givenName, familyName, phone, birthDate, locale, timeZone } = options
  const given = {
    given_name: givenName,
    family_name: familyName,
    phone,
    birth_date: birthDate,
    locale,
    time_zone: timeZone,
  }
  const named = Object.entries(given).filter(([, value]) => value !== undefined)
  const { success, data, error } = clientApi.profilePatch.safeParse(Object.fromEntries(named))
  if (success) return data
  throw new AppError('invalid_fields', {
    fields: error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
  })
}

function linkCommand(shell: Shell): Command {
  return command('link', 'Links an account to a customer: who signs in to it is that customer.')
    .argument(...ID)
    .argument('<account-id>', 'as `accounts list` prints it')
    .action((id: string, account: string, options: Json) =>
      change(shell, options, ({ people, organisation }) =>
        people.customers.link({ organisation: organisation._id, id, by: BY }, account),
      ),
    )
}

function unlinkCommand(shell: Shell): Command {
  return command('unlink', 'Takes a customer and their account apart; no sign-in links them again.')
    .argument(...ID)
    .action((id: string, options: Json) =>
      change(shell, options, ({ people, organisation }) =>
        people.customers.unlink({ organisation: organisation._id, id, by: BY }),
      ),
    )
}

async function change(
  shell: Shell,
  { json }: Json,
  run: (opened: Installation) => Promise<SeenCustomer>,
): Promise<void> {
  const changed = await shell.open(run)
  shell.print(json ? JSON.stringify(customerData(changed)) : customerLine(changed))
}

function eraseCommand(shell: Shell): Command {
  return command('erase', 'Erases a customer for ever, and the account linked to them.')
    .argument(...ID)
    .option('--yes', 'without asking for the id once more')
    .action(async (id: string, options: Json & { yes?: true }) => {
      await shell.open(({ people, organisation }) => people.customers.show(organisation._id, id))
      await confirmErasure(shell, id, options)
      await shell.open(({ people, organisation }) =>
        people.customers.erase({ organisation: organisation._id, id, by: BY }),
      )
      shell.print(options.json ? JSON.stringify({ id, erased: true }) : `${id}  is erased`)
    })
}
