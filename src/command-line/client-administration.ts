// `foyer clients show`, `update`, `add-secret`, `revoke-secret`, `disable`, `enable` and `remove`.

import { Command } from 'commander'
import {
  clientData,
  clientDetailsData,
  impactData,
  secretData,
} from '../routes/admin-api/client-messages.ts'
import type { ClientAct } from '../services/identity/clients/client-acts.ts'
import type { ClientAdministration } from '../services/identity/clients/client-administration.ts'
import type { ClientEdit } from '../services/identity/clients/client-edit.ts'
import type { ShownSecret } from '../services/identity/clients/client-view.ts'
import { DAY } from '../shared/clock.ts'
import type { Client } from '../stores/clients.ts'
import { COMMAND_LINE, collect, readLifetimes, seenNow, shownClient } from './client-fields.ts'
import {
  addressFields,
  type SharedOptions,
  wholeNumber,
  withSharedOptions,
} from './client-options.ts'
import type { Installation } from './installation.ts'
import type { Shell } from './shell.ts'

type Json = { json?: true }
type Act = Json & { ifVersion?: number; yes?: true }

export function clientAdministrationCommands(shell: Shell): Command[] {
  return [
    showCommand(shell),
    updateCommand(shell),
    addSecretCommand(shell),
    revokeSecretCommand(shell),
    ...(['disable', 'remove'] as const).map((name) => endingCommand(shell, name)),
    enableCommand(shell),
  ]
}

function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument('<client-id>', 'as it was printed')
    .option('--json', 'print JSON')
}

/** One that changes something. */
function change(name: string, description: string): Command {
  return command(name, description).option(
    '--if-version <number>',
    'only if nobody changed it since `show` printed this version',
    wholeNumber,
  )
}

function showCommand(shell: Shell): Command {
  return command('show', 'Shows a client: what it may do, its secrets, and what uses it.').action(
    async (id: string, { json }: Json) => {
      const { found, seen } = await shell.open(async (opened) => {
        const { clientAdministration, organisation } = opened
        const found = await clientAdministration.show(organisation._id, id)
        return { found, seen: seenNow(opened) }
      })
      if (json) return shell.print(JSON.stringify(clientDetailsData(found, seen)))
      const shown = { ...shownClient(found.client, seen.now), ...impactData(found.impact) }
      for (const [field, value] of Object.entries(shown))
        shell.print(`${field.padEnd(26)}${textOf(value)}`)
      for (const secret of found.secrets) shell.print(`secret  ${lineOf(secret)}`)
    },
  )
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(' ')
  if (typeof value !== 'object' || value === null) return String(value ?? 'never')
  return Object.entries(value)
    .map(([name, each]) => `${name}=${each}`)
    .join(' ')
}

type UpdateOptions = Act &
  SharedOptions & {
    redirectUri?: string[]
    postLogoutRedirectUri?: string[]
    origin?: string[]
    apiScope?: string[]
    firstParty?: boolean
  }

function updateCommand(shell: Shell): Command {
  return withSharedOptions(
    change('update', 'Changes what is named; a list is replaced, "" empties it.')
      .option('--name <name>', 'as customers read it')
      .option('--redirect-uri <uri>', 'where customers come back to; again for more', collect)
      .option('--post-logout-redirect-uri <uri>', 'where they go after signing out', collect)
      .option('--origin <origin>', 'whose scripts may call', collect)
      .option('--api-scope <scope>', 'what it may ask of the Client API; again for more', collect),
  )
    .option('--first-party', 'is the business’s own: customers are not asked for permission')
    .option('--no-first-party', 'is another’s')
    .action((id: string, options: UpdateOptions) =>
      changed(shell, { id, options, done: `${id}  is changed` }, (clients, act, now) => {
        const edit = editOf(options, now)
        if (Object.keys(edit).length === 0) throw new Error('Nothing to change was named.')
        return clients.update(act, edit)
      }),
    )
}

function editOf(options: UpdateOptions, now: number): ClientEdit {
  const { name, pkce, redirectUri, postLogoutRedirectUri, origin, apiScope } = options
  const { firstParty, lifetime, previewDays } = options
  const addresses = addressFields.flatMap((field) => {
    const uri = options[field]
    return uri === undefined ? [] : [[field, uri || null]]
  })
  return {
    ...(name !== undefined && { name }),
    ...(pkce && { pkce }),
    ...(redirectUri && { redirectUris: listed(redirectUri) }),
    ...(postLogoutRedirectUri && { postLogoutRedirectUris: listed(postLogoutRedirectUri) }),
    ...(origin && { origins: listed(origin) }),
    ...(apiScope && { apiScopes: listed(apiScope) }),
    ...(firstParty !== undefined && { firstParty }),
    ...(lifetime && { lifetimes: readLifetimes(lifetime) }),
    ...(previewDays !== undefined && { expiresAt: now + previewDays * DAY }),
    ...Object.fromEntries(addresses),
  }
}

/** Does it and says so. */
async function changed(
  shell: Shell,
  { id, options, done }: { id: string; options: Act; done: string },
  run: (clients: ClientAdministration, act: ClientAct, now: number) => Promise<Client>,
): Promise<void> {
  const shown = await shell.open(async (opened) => {
    const seen = seenNow(opened)
    return clientData(await run(...actOn(opened, id, options), seen.now), seen)
  })
  shell.print(options.json ? JSON.stringify(shown) : done)
}

const listed = (values: string[]): string[] => values.filter((value) => value !== '')

function addSecretCommand(shell: Shell): Command {
  return change('add-secret', 'Prints one more secret; those there are stay good beside it.')
    .option('--days <number>', 'how long it is good; else 180', wholeNumber)
    .action(async (id: string, options: Act & { days?: number }) => {
      const life = options.days === undefined ? undefined : options.days * DAY
      const run = (clients: ClientAdministration, act: ClientAct) => clients.addSecret(act, life)
      const { secret, shown } = await shell.open((opened) => run(...actOn(opened, id, options)))
      if (options.json)
        return shell.print(JSON.stringify({ secret: secretData(shown), client_secret: secret }))
      shell.print(`client_secret  ${secret}\n\nThe secret is shown this once: keep it now.`)
      shell.print(lineOf(shown))
    })
}

function revokeSecretCommand(shell: Shell): Command {
  return change('revoke-secret', 'Ends a secret, within seconds.')
    .argument('<secret-id>', 'as `show` prints it')
    .action((id: string, secret: string, options: Act) =>
      changed(shell, { id, options, done: `${secret}  is revoked` }, (clients, act) =>
        clients.revokeSecret(act, secret),
      ),
    )
}

const endings = {
  disable: {
    does: 'Lets nobody sign in at a client, and refuses its tokens, until it is enabled.',
    done: 'is disabled',
  },
  remove: {
    does: 'Removes a client for ever: its sign-ins end, its id is never used again.',
    done: 'is removed',
  },
}

function endingCommand(shell: Shell, name: keyof typeof endings): Command {
  const { does, done } = endings[name]
  return change(name, does)
    .option('--yes', 'do it; without, it shows what would break')
    .action(async (id: string, options: Act) => {
      const impact = await shell.open(async (opened) => {
        const [clients, act] = actOn(opened, id, options)
        const shown = await clients.show(act.organisation, id)
        if (options.yes) await clients[name](act)
        return shown.impact
      })
      const told = impactData(impact)
      if (options.json)
        shell.print(JSON.stringify({ id, done: options.yes === true, impact: told }))
      else {
        shell.print(`live sign-ins     ${told.live_grants}`)
        shell.print(`secret last used  ${told.secret_last_used_at ?? 'never, as far as is known'}`)
        if (options.yes) shell.print(`${id}  ${done}`)
      }
      if (!options.yes) throw new Error('Nothing was done: say --yes to do it.')
    })
}

function enableCommand(shell: Shell): Command {
  return change('enable', 'Lets customers sign in at a disabled client again.').action(
    (id: string, options: Act) =>
      changed(shell, { id, options, done: `${id}  is enabled` }, (clients, act) =>
        clients.enable(act),
      ),
  )
}

function actOn(
  { clientAdministration, organisation }: Installation,
  id: string,
  { ifVersion }: Act,
): [ClientAdministration, ClientAct] {
  const act = { organisation: organisation._id, id, by: COMMAND_LINE }
  return [clientAdministration, { ...act, ...(ifVersion !== undefined && { version: ifVersion }) }]
}

function lineOf(secret: ShownSecret): string {
  const { id, hint, created_at, expires_at, last_used_at, live } = secretData(secret)
  const ends = `${live ? 'expires' : 'expired'} ${expires_at ?? 'never'}`
  return `${id}  …${hint}  created ${created_at}  ${ends}  last used ${last_used_at ?? 'never'}`
}
