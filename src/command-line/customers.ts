// `foyer customers`: the business's records of people, and the accounts they are linked to.

import { clientApi, type ProfilePatch } from '@foyer/contract'
import { Command } from 'commander'
import type { SeenCustomer } from '../services/commerce/customer-administration.ts'
import { AppError } from '../shared/errors.ts'
import { wholeNumber } from './client-options.ts'
import { confirmErasure } from './confirm.ts'
import type { Installation, OpenInstallation } from './installation.ts'
import { BY, customerLine, everyPage, fieldLines, shownCustomer } from './people-fields.ts'
import { print } from './print.ts'

type Json = { json?: true }

export function customerCommands(open: OpenInstallation): Command {
  return new Command('customers')
    .description('Customers: the business’s records of people.')
    .addCommand(listCommand(open))
    .addCommand(showCommand(open))
    .addCommand(createCommand(open))
    .addCommand(linkCommand(open))
    .addCommand(unlinkCommand(open))
    .addCommand(eraseCommand(open))
}

function command(name: string, description: string): Command {
  return new Command(name).description(description).exitOverride().option('--json', 'print JSON')
}

const ID = ['<customer-id>', 'as `list` prints it'] as const

function listCommand(open: OpenInstallation): Command {
  return command(
    'list',
    'Lists the customers; or those whose name, address or telephone begins so.',
  )
    .argument('[text]', 'how it begins, or the id')
    .option('--limit <number>', 'at most this many', wholeNumber)
    .action(async (q: string | undefined, { json, limit }: Json & { limit?: number }) => {
      const customers = await open(({ organisation, people }) =>
        everyPage(
          (cursor, most) => people.customers.list(organisation._id, { q, limit: most, cursor }),
          limit ?? Number.POSITIVE_INFINITY,
        ),
      )
      if (json) return print(JSON.stringify(customers.map(shownCustomer)))
      for (const each of customers) print(customerLine(each))
    })
}

function showCommand(open: OpenInstallation): Command {
  return command('show', 'Shows a customer, and when their account was used last.')
    .argument(...ID)
    .action(async (id: string, { json }: Json) => {
      const { lastActivityAt, ...seen } = await open(({ organisation, people }) =>
        people.customers.show(organisation._id, id),
      )
      const at = lastActivityAt === undefined ? null : new Date(lastActivityAt).toISOString()
      const fields = { ...shownCustomer(seen), last_activity_at: at }
      if (json) return print(JSON.stringify(fields))
      for (const line of fieldLines(fields)) print(line)
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

function createCommand(open: OpenInstallation): Command {
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
      const made = await open(({ organisation, people }) =>
        people.customers.create(organisation._id, input, BY),
      )
      print(json ? JSON.stringify(shownCustomer(made)) : customerLine(made))
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

function linkCommand(open: OpenInstallation): Command {
  return command('link', 'Links an account to a customer: who signs in to it is that customer.')
    .argument(...ID)
    .argument('<account-id>', 'as `accounts list` prints it')
    .action((id: string, account: string, options: Json) =>
      change(open, options, ({ people, organisation }) =>
        people.customers.link({ organisation: organisation._id, id, by: BY }, account),
      ),
    )
}

function unlinkCommand(open: OpenInstallation): Command {
  return command('unlink', 'Takes a customer and their account apart; no sign-in links them again.')
    .argument(...ID)
    .action((id: string, options: Json) =>
      change(open, options, ({ people, organisation }) =>
        people.customers.unlink({ organisation: organisation._id, id, by: BY }),
      ),
    )
}

async function change(
  open: OpenInstallation,
  { json }: Json,
  run: (opened: Installation) => Promise<SeenCustomer>,
): Promise<void> {
  const changed = await open(run)
  print(json ? JSON.stringify(shownCustomer(changed)) : customerLine(changed))
}

function eraseCommand(open: OpenInstallation): Command {
  return command('erase', 'Erases a customer for ever, and the account linked to them.')
    .argument(...ID)
    .option('--yes', 'without asking for the id once more')
    .action(async (id: string, options: Json & { yes?: true }) => {
      await open(({ people, organisation }) => people.customers.show(organisation._id, id))
      await confirmErasure(id, options)
      await open(({ people, organisation }) =>
        people.customers.erase({ organisation: organisation._id, id, by: BY }),
      )
      print(options.json ? JSON.stringify({ id, erased: true }) : `${id}  is erased`)
    })
}
