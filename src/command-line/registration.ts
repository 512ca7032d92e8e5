// `foyer registration`: what applications may register by themselves, and the tokens with which they begin.

import { Command, Option } from 'commander'
import { policyData, tokenData } from '../routes/admin-api/registration-messages.ts'
import {
  type RegistrationEdit,
  registrationKinds,
} from '../services/identity/clients/registration-policy.ts'
import { DAY } from '../shared/clock.ts'
import { AppError } from '../shared/errors.ts'
import { everyPage } from '../shared/pages.ts'
import { type RegistrationToken, registrationMethods } from '../stores/registration.ts'
import { collect } from './client-fields.ts'
import type { Shell } from './shell.ts'

/** Whoever has the installation in hand may do everything. */
const BY = { actor: 'command-line', role: 'platform-owner' } as const
const ACTOR = { actor: 'command-line' }

type Json = { json?: true }

export function registrationCommands(shell: Shell): Command {
  return new Command('registration')
    .description('Registration: applications that register themselves, with a token of yours.')
    .addCommand(switchCommand(shell, 'enable', true))
    .addCommand(switchCommand(shell, 'disable', false))
    .addCommand(policyCommand(shell))
    .addCommand(tokenCommands(shell))
}

function command(name: string, description: string): Command {
  return new Command(name).description(description).option('--json', 'print JSON')
}

const switches = {
  enable: 'Lets applications register at the organisation’s issuer, within the policy.',
  disable: 'Ends it; those that registered stay as they are, and operators look after them.',
}

function switchCommand(shell: Shell, name: keyof typeof switches, isOn: boolean): Command {
  return command(name, switches[name]).action(({ json }: Json) => change(shell, { isOn }, json))
}

type PolicyOptions = Json & {
  kind?: string[]
  authMethod?: string[]
  apiScope?: string[]
  redirectHost?: string[]
  pkce?: 'required' | 'optional'
}

function policyCommand(shell: Shell): Command {
  const among = (values: readonly string[]) => `${values.join(', ')}; again for more`
  return command(
    'policy',
    'Shows what may be registered, or changes what is named; "" empties a list.',
  )
    .option('--kind <kind>', among(registrationKinds), collect)
    .option('--auth-method <method>', among(registrationMethods), collect)
    .option('--api-scope <scope>', 'of the Client API; again for more', collect)
    .option('--redirect-host <host>', 'where customers may be sent, else anywhere', collect)
    .addOption(
      new Option('--pkce <rule>', 'optional only for certification').choices([
        'required',
        'optional',
      ]),
    )
    .action(({ json, pkce, ...lists }: PolicyOptions) => {
      const hosts = listed(lists.redirectHost)
      const edit = {
        kinds: listed(lists.kind),
        authMethods: listed(lists.authMethod),
        apiScopes: listed(lists.apiScope),
        redirectHosts: hosts?.length === 0 ? null : hosts,
        pkce,
      }
      return change(shell, edit, json)
    })
}

const listed = (values: string[] | undefined) => values?.filter((value) => value !== '')

async function change(shell: Shell, edit: RegistrationEdit, json: true | undefined): Promise<void> {
  const isNamed = Object.values(edit).some((value) => value !== undefined)
  const found = await shell.open(({ organisation, registration }) =>
    isNamed ? registration.change(organisation._id, edit, BY) : registration.show(organisation._id),
  )
  const shown = policyData(found.policy)
  if (json) return shell.print(JSON.stringify(shown))
  for (const [field, value] of Object.entries(shown))
    shell.print(`${field.padEnd(16)}${Array.isArray(value) ? value.join(' ') : (value ?? 'any')}`)
}

function tokenCommands(shell: Shell): Command {
  return new Command('tokens')
    .description('Initial access tokens: what an application shows to register.')
    .addCommand(createToken(shell))
    .addCommand(listTokens(shell))
    .addCommand(revokeToken(shell))
}

function createToken(shell: Shell): Command {
  type Options = Json & { name: string; uses?: string; days?: string }
  return command('create', 'Makes a token and prints it, this once.')
    .requiredOption('--name <name>', 'what it is for')
    .option('--uses <number>', 'how many registrations it is good for; else 1')
    .option('--days <number>', 'how long it is good: at most 90; else 7')
    .action(async ({ name, uses, days, json }: Options) => {
      const input = {
        name,
        ...(uses !== undefined && { uses: Number(uses) }),
        ...(days !== undefined && { life: Number(days) * DAY }),
      }
      const { token, record } = await shell.open(({ organisation, registration }) =>
        registration.createToken(organisation._id, input, ACTOR),
      )
      if (json) return shell.print(JSON.stringify({ token, ...tokenData(record) }))
      shell.print(
        `token  ${token}\n\nThe token is shown this once: keep it now.\n${lineOf(record)}`,
      )
    })
}

function listTokens(shell: Shell): Command {
  return command('list', 'Lists the tokens that have not expired, the oldest first.').action(
    async ({ json }: Json) => {
      const all = await shell.open(({ organisation, registration }) =>
        everyPage((page) => registration.listTokens(organisation._id, page)),
      )
      if (json) return shell.print(JSON.stringify(all.map(tokenData)))
      for (const each of all) shell.print(lineOf(each))
    },
  )
}

function revokeToken(shell: Shell): Command {
  return command('revoke', 'Ends a token, at once; what was registered with it stays.')
    .argument('<token-id>', 'as `list` prints it')
    .action(async (id: string, { json }: Json) => {
      const gone = await shell.open(({ organisation, registration }) =>
        registration.revokeToken(organisation._id, id, ACTOR),
      )
      if (!gone)
        throw new AppError('not_found', { detail: `${id} is no token of the organisation` })
      shell.print(json ? JSON.stringify(tokenData(gone)) : `${id}  is revoked`)
    })
}

function lineOf(token: RegistrationToken): string {
  const { id, name, hint, uses, uses_left, expires_at } = tokenData(token)
  return `${id}  …${hint}  ${uses_left} of ${uses} left  expires ${expires_at}  ${name}`
}
