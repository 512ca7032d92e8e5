// `foyer api-keys`: what programs show to the Admin API.

import { Command, Option } from 'commander'
import { apiKeyScopes } from '../services/operators/api-key-scopes.ts'
import { API_KEY_PREFIX, type ShownApiKey } from '../services/operators/api-keys.ts'
import { DAY } from '../shared/clock.ts'
import { AppError } from '../shared/errors.ts'
import { instantOf } from '../shared/instants.ts'
import { operatorRoles, PLATFORM } from '../stores/operator-roles.ts'
import { collect } from './client-fields.ts'
import type { Installation } from './installation.ts'
import type { Shell } from './shell.ts'

/** Whoever has the installation in hand may do everything. */
const BY = { actor: 'command-line', role: 'platform-owner' } as const

type Options = { platform?: true; json?: true }
type CreateOptions = Options & { name: string; role: string; scope?: string[]; days?: string }

export function apiKeyCommands(shell: Shell): Command {
  return new Command('api-keys')
    .description('API keys: what programs show to the Admin API.')
    .addCommand(createCommand(shell))
    .addCommand(listCommand(shell))
    .addCommand(revokeCommand(shell))
}

function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--platform', 'of all organisations, and not of one')
    .option('--json', 'print JSON')
}

function createCommand(shell: Shell): Command {
  return command('create', 'Makes a key and prints it, this once.')
    .requiredOption('--name <name>', 'what it is for')
    .addOption(
      new Option('--role <role>', 'what it may be at the most')
        .choices(operatorRoles)
        .makeOptionMandatory(),
    )
    .option(
      '--scope <scope>',
      `what it may do within; again for more (${apiKeyScopes[0]} …)`,
      collect,
    )
    .option('--days <number>', 'how long it is good: 1 to 400; else 90')
    .action(async ({ name, role, scope = [], days, json, platform }: CreateOptions) => {
      const life = days === undefined ? {} : { life: Number(days) * DAY }
      const { key, shown } = await shell.open((opened) =>
        opened.apiKeys.create(
          placeOf(opened, platform),
          { name, role, scopes: scope, ...life },
          BY,
        ),
      )
      if (json) return shell.print(JSON.stringify({ key, ...fieldsOf(shown) }))
      shell.print(`api_key  ${key}\n\nThe key is shown this once: keep it now.\n${lineOf(shown)}`)
    })
}

function listCommand(shell: Shell): Command {
  return command('list', 'Lists the keys, the oldest first; expired ones for 30 days.').action(
    async ({ platform, json }: Options) => {
      const keys = await shell.open((opened) => opened.apiKeys.list(placeOf(opened, platform)))
      if (json) return shell.print(JSON.stringify(keys.map(fieldsOf)))
      for (const key of keys) shell.print(lineOf(key))
    },
  )
}

function revokeCommand(shell: Shell): Command {
  return command('revoke', 'Ends a key, at once.')
    .argument('<key-id>', 'as `list` prints it')
    .action(async (id: string, { platform, json }: Options) => {
      const key = await shell.open((opened) =>
        opened.apiKeys.revoke(placeOf(opened, platform), id, BY),
      )
      if (!key)
        throw new AppError('not_found', {
          detail: `${id} is no key of ${platform ? 'the platform' : 'the organisation'}`,
        })
      shell.print(json ? JSON.stringify(fieldsOf(key)) : `${id}  is revoked`)
    })
}

function placeOf({ organisation }: Installation, platform: true | undefined): string {
  return platform ? PLATFORM : organisation._id
}

function fieldsOf(key: ShownApiKey) {
  return {
    id: key.id,
    name: key.name,
    role: key.role,
    scopes: key.scopes,
    prefix: API_KEY_PREFIX,
    hint: key.hint,
    created_by: key.createdBy,
    created_at: instantOf(key.createdAt),
    expires_at: instantOf(key.expiresAt),
    last_used_at: instantOf(key.lastUsedAt),
    live: key.isLive,
  }
}

function lineOf(key: ShownApiKey): string {
  const { id, name, role, scopes, prefix, hint, expires_at, last_used_at, live } = fieldsOf(key)
  const ends = `${live ? 'expires' : 'expired'} ${expires_at}`
  return `${id}  ${prefix}…${hint}  ${role}  ${scopes.join(' ')}  ${ends}  last used ${last_used_at ?? 'never'}  ${name}`
}
