// `foyer clients`: registering OAuth clients, their keys and calls, and listing them.

import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { clientData } from '../routes/admin-api/client-messages.ts'
import { thirdPartyApiScopes } from '../services/identity/clients/api-scopes.ts'
import type { NewClient } from '../services/identity/clients/client-registration.ts'
import { DAY } from '../shared/clock.ts'
import { instantOf } from '../shared/instants.ts'
import { everyPage } from '../shared/pages.ts'
import { type ClientKind, type ClientLifetimes, clientKinds } from '../stores/clients.ts'
import { clientAdministrationCommands } from './client-administration.ts'
import { COMMAND_LINE, collect, readLifetimes, seenNow } from './client-fields.ts'
import {
  addressFields,
  type SharedOptions,
  wholeNumber,
  withSharedOptions,
} from './client-options.ts'
import type { Shell } from './shell.ts'

type CreateOptions = SharedOptions & {
  kind: ClientKind
  name: string
  redirectUri: string[]
  postLogoutRedirectUri: string[]
  origin: string[]
  jwks?: string
  secretDays?: number
  api?: true
  firstParty?: true
}

export function clientCommands(shell: Shell): Command {
  const commands = new Command('clients')
    .description('OAuth clients: the applications that customers sign in to.')
    .addCommand(createCommand(shell))
    .addCommand(replaceKeysCommand(shell))
    .addCommand(backChannelCommand(shell))
    .addCommand(listCommand(shell))
  for (const command of clientAdministrationCommands(shell)) commands.addCommand(command)
  return commands
}

function createCommand(shell: Shell): Command {
  return withSharedOptions(
    new Command('create')
      .description('Registers a client and prints its id, and its secret if it has one.')
      .addOption(
        new Option('--kind <kind>', 'what it is').choices(clientKinds).makeOptionMandatory(),
      )
      .requiredOption('--name <name>', 'as customers read it')
      .option('--redirect-uri <uri>', 'where customers come back to; again for more', collect, [])
      .option('--post-logout-redirect-uri <uri>', 'where they go after signing out', collect, [])
      .option(
        '--origin <origin>',
        'whose scripts may call; else those of the redirect URIs',
        collect,
        [],
      )
      .option('--jwks <file>', 'its public keys, in place of a secret: for kinds web and machine')
      .option('--secret-days <number>', 'how long its secret is good; else 180', wholeNumber)
      .option('--api', 'may ask for the Client API’s scopes')
      .option('--first-party', 'is the business’s own: customers are not asked for permission')
      .option('--json', 'print JSON'),
  ).action((options: CreateOptions) => create(shell, options))
}

function replaceKeysCommand(shell: Shell): Command {
  return new Command('replace-keys')
    .description(
      'Gives a client that has keys other ones; to change one, name old and new for a while.',
    )
    .argument('<client-id>', 'as it was printed')
    .requiredOption('--jwks <file>', 'all its public keys from now on')
    .action((id: string, options: { jwks: string }) => replaceKeys(shell, id, options))
}

function backChannelCommand(shell: Shell): Command {
  return new Command('back-channel-logout')
    .description('Says where a client is told that a session is over; without an address, nowhere.')
    .argument('<client-id>', 'as it was printed')
    .argument('[uri]', 'an address of its server')
    .action((id: string, uri?: string) => setBackChannel(shell, id, uri))
}

function registrationOf(options: CreateOptions, now: number): Omit<NewClient, 'organisation'> {
  const { pkce, previewDays, secretDays } = options
  return {
    kind: options.kind,
    name: options.name,
    redirectUris: options.redirectUri,
    postLogoutRedirectUris: options.postLogoutRedirectUri,
    ...(options.origin.length > 0 && { origins: options.origin }),
    ...Object.fromEntries(addressFields.map((field) => [field, options[field]])),
    ...(options.lifetime && { lifetimes: chosenLifetimes(options.lifetime) }),
    ...(previewDays !== undefined && { expiresAt: now + previewDays * DAY }),
    ...(secretDays !== undefined && { secretLife: secretDays * DAY }),
    ...(options.jwks !== undefined && { jwks: readKeys(options.jwks) }),
    ...(pkce && { pkce }),
    apiScopes: options.api ? thirdPartyApiScopes : [],
    firstParty: options.firstParty === true,
  }
}

type ListOptions = { search?: string; kind?: ClientKind; json?: true }

function listCommand(shell: Shell): Command {
  return new Command('list')
    .description('Lists the clients, the oldest first; those that are searched for by their names.')
    .option('--search <text>', 'only those whose name begins so, or whose id (cli_…)')
    .addOption(new Option('--kind <kind>', 'only those of this kind').choices(clientKinds))
    .option('--json', 'print JSON')
    .action((options: ListOptions) => list(shell, options))
}

async function create(shell: Shell, options: CreateOptions): Promise<void> {
  const { client, secret, seen } = await shell.open(async (opened) => {
    const { organisation, clientAdministration, clock } = opened
    const input = { organisation: organisation._id, ...registrationOf(options, clock.now()) }
    return { ...(await clientAdministration.create(input, COMMAND_LINE)), seen: seenNow(opened) }
  })
  const { expiresAt } = client
  const secretExpiresAt = client.secrets[0]?.expiresAt
  const ends = expiresAt ?? secretExpiresAt
  if (options.json)
    return shell.print(
      JSON.stringify({ client: clientData(client, seen), client_secret: secret ?? null }),
    )
  shell.print(`client_id      ${client._id}`)
  if (secret) shell.print(`client_secret  ${secret}\n\nThe secret is shown this once: keep it now.`)
  if (ends !== undefined) shell.print(`It is good until ${instantOf(ends)}.`)
  if (options.pkce === 'optional')
    shell.warn('PKCE is off for this client: turn it on as soon as it can do it.')
}

/** Of a client that is made, nothing can be taken back. */
function chosenLifetimes(options: readonly string[]): ClientLifetimes {
  const chosen = Object.entries(readLifetimes(options)).filter(([, value]) => value !== null)
  return Object.fromEntries(chosen)
}

async function replaceKeys(shell: Shell, id: string, { jwks }: { jwks: string }): Promise<void> {
  await shell.open(({ organisation, clientAdministration }) =>
    clientAdministration.replaceKeys(
      { organisation: organisation._id, id, by: COMMAND_LINE },
      readKeys(jwks),
    ),
  )
}

async function setBackChannel(shell: Shell, id: string, uri?: string): Promise<void> {
  await shell.open(({ organisation, clientAdministration }) =>
    clientAdministration.update(
      { organisation: organisation._id, id, by: COMMAND_LINE },
      { backChannelLogoutUri: uri ?? null },
    ),
  )
}

const MAX_KEY_FILE = 64 * 1024

function readKeys(file: string): unknown {
  const text = readFileSync(file, 'utf8')
  try {
    if (text.length <= MAX_KEY_FILE) return JSON.parse(text)
  } catch {
    // Said below: what the parser objects to would quote the file.
  }
  throw new Error(`${file} is no JSON of at most ${MAX_KEY_FILE / 1024} KiB`)
}

async function list(shell: Shell, options: ListOptions): Promise<void> {
  const { search: q, kind, json } = options
  const found = await shell.open(async (opened) => {
    const { organisation, clients, clientAdministration } = opened
    const all = await everyPage((page) =>
      clientAdministration.page(organisation._id, { ...page, q, kind }),
    )
    return all.map((client) => ({
      ...clientData(client, seenNow(opened)),
      ...(clients.needsOlderSecret(client) && { needs_older_secret: true }),
    }))
  })
  if (json) return shell.print(JSON.stringify(found))
  for (const client of found) {
    const notes = [
      ...(client.expires_soon ? [`ends ${client.expires_at ?? client.secret_expires_at}`] : []),
      ...('needs_older_secret' in client ? ['needs an older SECRET'] : []),
    ]
    const note = notes.length > 0 ? `  (${notes.join('; ')})` : ''
    shell.print(`${client.id}  ${client.kind.padEnd(8)}  ${client.name}${note}`)
  }
}
