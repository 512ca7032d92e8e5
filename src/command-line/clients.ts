// `foyer clients`: registering OAuth clients, their keys and calls, and listing them.

import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { thirdPartyApiScopes } from '../services/identity/api-scopes.ts'
import type { Client, ClientKind } from '../stores/clients.ts'
import { clientAdministrationCommands } from './client-administration.ts'
import { collect, shownClient } from './client-fields.ts'
import type { OpenInstallation } from './installation.ts'
import { print } from './print.ts'

type CreateOptions = {
  kind: ClientKind
  name: string
  redirectUri: string[]
  postLogoutRedirectUri: string[]
  origin: string[]
  homeUri?: string
  initiateLoginUri?: string
  backChannelLogoutUri?: string
  jwks?: string
  pkce: 'required' | 'optional'
  api?: true
  firstParty?: true
  json?: true
}

export function clientCommands(open: OpenInstallation): Command {
  const commands = new Command('clients')
    .description('OAuth clients: the applications that customers sign in to.')
    .addCommand(createCommand(open))
    .addCommand(replaceKeysCommand(open))
    .addCommand(backChannelCommand(open))
    .addCommand(listCommand(open))
  for (const command of clientAdministrationCommands(open)) commands.addCommand(command)
  return commands
}

function createCommand(open: OpenInstallation): Command {
  const kinds = ['web', 'browser', 'native', 'machine']
  return new Command('create')
    .description('Registers a client and prints its id, and its secret if it has one.')
    .exitOverride()
    .addOption(new Option('--kind <kind>', 'what it is').choices(kinds).makeOptionMandatory())
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
    .option('--home-uri <uri>', 'the application’s own page')
    .option('--initiate-login-uri <uri>', 'its page that begins a sign-in when it is opened')
    .option('--back-channel-logout-uri <uri>', 'its server’s, told when a session is over')
    .addOption(
      new Option('--pkce <rule>', 'optional only for a web client that cannot do it')
        .choices(['required', 'optional'])
        .default('required'),
    )
    .option('--api', 'may ask for the Client API’s scopes')
    .option('--first-party', 'is the business’s own: customers are not asked for permission')
    .option('--json', 'print JSON')
    .action((options: CreateOptions) => create(open, options))
}

function replaceKeysCommand(open: OpenInstallation): Command {
  return new Command('replace-keys')
    .description(
      'Gives a client that has keys other ones; to change one, name old and new for a while.',
    )
    .exitOverride()
    .argument('<client-id>', 'as it was printed')
    .requiredOption('--jwks <file>', 'all its public keys from now on')
    .action((id: string, options: { jwks: string }) => replaceKeys(open, id, options))
}

function backChannelCommand(open: OpenInstallation): Command {
  return new Command('back-channel-logout')
    .description('Says where a client is told that a session is over; without an address, nowhere.')
    .exitOverride()
    .argument('<client-id>', 'as it was printed')
    .argument('[uri]', 'an address of its server')
    .action((id: string, uri?: string) => setBackChannel(open, id, uri))
}

function listCommand(open: OpenInstallation): Command {
  return new Command('list')
    .description('Lists the clients, the oldest first.')
    .exitOverride()
    .option('--json', 'print JSON')
    .action((options: { json?: true }) => list(open, options))
}

async function create(open: OpenInstallation, options: CreateOptions): Promise<void> {
  const { client, secret } = await open(async ({ organisation, clients, audit }) => {
    const created = await clients.create({
      organisation: organisation._id,
      kind: options.kind,
      name: options.name,
      redirectUris: options.redirectUri,
      postLogoutRedirectUris: options.postLogoutRedirectUri,
      ...(options.origin.length > 0 && { origins: options.origin }),
      ...(options.homeUri && { homeUri: options.homeUri }),
      ...(options.initiateLoginUri && { initiateLoginUri: options.initiateLoginUri }),
      ...(options.backChannelLogoutUri && { backChannelLogoutUri: options.backChannelLogoutUri }),
      ...(options.jwks !== undefined && { jwks: readKeys(options.jwks) }),
      pkce: options.pkce,
      apiScopes: options.api ? thirdPartyApiScopes : [],
      firstParty: options.firstParty === true,
    })
    await audit.record({
      organisation: organisation._id,
      action: 'client.created',
      actor: 'command-line',
      target: created.client._id,
      after: created.client,
    })
    return created
  })
  const printed = { client_id: client._id, ...(secret && { client_secret: secret }) }
  if (options.json) return print(JSON.stringify(printed))
  print(`client_id      ${client._id}`)
  if (secret) print(`client_secret  ${secret}\n\nThe secret is shown this once: keep it now.`)
  if (options.pkce === 'optional')
    process.stderr.write('PKCE is off for this client: turn it on as soon as it can do it.\n')
}

async function replaceKeys(
  open: OpenInstallation,
  id: string,
  { jwks }: { jwks: string },
): Promise<void> {
  await open(async ({ organisation, clients, audit }) => {
    const client = await clients.replaceKeys(organisation._id, id, readKeys(jwks))
    if (!client) throw new Error(`${id} is no client with keys`)
    await audit.record({
      organisation: organisation._id,
      action: 'client.keys-replaced',
      actor: 'command-line',
      target: id,
    })
  })
}

async function setBackChannel(open: OpenInstallation, id: string, uri?: string): Promise<void> {
  await open(async ({ organisation, clients, audit }) => {
    const before = await clients.find(organisation._id, id)
    const client = await clients.setBackChannelLogoutUri(organisation._id, id, uri)
    if (!client) throw new Error(`${id} is no client`)
    await audit.record({
      organisation: organisation._id,
      action: 'client.back-channel-changed',
      actor: 'command-line',
      target: id,
      before,
      after: client,
    })
  })
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

const PAGE = 100

async function list(open: OpenInstallation, { json }: { json?: true }): Promise<void> {
  const found = await open(async ({ organisation, clients }) => {
    const all: Client[] = []
    for (;;) {
      const page = await clients.list(organisation._id, PAGE, all.at(-1))
      all.push(...page)
      if (page.length < PAGE)
        return all.map((client) => ({ client, isOld: clients.needsOlderSecret(client) }))
    }
  })
  if (json)
    return print(
      JSON.stringify(
        found.map(({ client, isOld }) => ({
          ...shownClient(client),
          ...(isOld && { needs_older_secret: true }),
        })),
      ),
    )
  for (const { client, isOld } of found)
    print(
      `${client._id}  ${client.kind.padEnd(8)}  ${client.name}${isOld ? '  (needs an older SECRET)' : ''}`,
    )
}
