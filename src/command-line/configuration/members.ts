// The steps for what an organisation has many of: operators and clients.

import type { ClientEntry } from '@foyer/contract'
import { parseEmailAddress } from '../../shared/email-address.ts'
import type { KnownClient, KnownOrganisation } from './read.ts'
import { type Change, type Context, differences, done, type Step } from './step.ts'

export function changeOperators({ entry: { operators }, known, at, prune }: Context): Step[] {
  const there = known?.operators ?? []
  const steps = (operators ?? []).flatMap(({ email, role }): Step[] => {
    const found = there.find((each) => each.email === normalised(email))
    if (found?.role === role) return []
    const changes = [{ field: 'role', ...(found && { before: found.role }), after: role }]
    // An invitation with another role takes the place of the one that is out.
    if (found && !found.isInvited)
      return [
        {
          action: 'change',
          what: `operator ${email}`,
          changes,
          run: (api) => done(api.send('PATCH', at(`/operators/${found.id}`), { body: { role } })),
        },
      ]
    return [
      {
        action: 'create',
        what: `invitation of ${email}`,
        changes,
        run: (api) => done(api.send('POST', at('/invitations'), { body: { email, role } })),
      },
    ]
  })
  if (!prune || !operators) return steps
  const named = new Set(operators.map(({ email }) => normalised(email)))
  const gone = there.filter(({ email }) => !named.has(email))
  return [
    ...steps,
    ...gone.map(({ id, email, role, isInvited }): Step => {
      const path = isInvited ? `/invitations/${id}` : `/operators/${id}`
      return {
        action: 'remove',
        what: `${isInvited ? 'invitation of' : 'operator'} ${email}`,
        changes: [{ field: 'role', before: role }],
        run: (api) => done(api.send('DELETE', at(path))),
      }
    }),
  ]
}

/** As the store has it; what is no address is refused by the Admin API. */
function normalised(email: string): string {
  return parseEmailAddress(email)?.normalised ?? email
}

/**
 * Which client each entry is about: by its id where it is there, else by its name, so that a file can be taken to
 * another installation. Each client is one entry's: of several of one name the one that differs least.
 */
function clientsThere(
  wanted: readonly ClientEntry[],
  known: KnownOrganisation | undefined,
): Map<ClientEntry, KnownClient> {
  const free = new Set(known?.clients)
  const there = new Map<ClientEntry, KnownClient>()
  const take = (entry: ClientEntry, client: KnownClient | undefined): void => {
    if (!client) return
    there.set(entry, client)
    free.delete(client)
  }
  for (const entry of wanted)
    take(
      entry,
      [...free].find(({ id }) => id === entry.id),
    )
  const pairs = wanted
    .filter((entry) => !there.has(entry))
    .flatMap((entry) =>
      [...free]
        .filter(({ name }) => name === entry.name)
        .map((client) => ({ entry, client, apart: changesOf(entry, client).length })),
    )
    .sort((one, other) => one.apart - other.apart)
  for (const { entry, client } of pairs)
    if (!there.has(entry) && free.has(client)) take(entry, client)
  return there
}

export function changeClients({ entry: { clients }, known, at, prune }: Context): Step[] {
  const there = clientsThere(clients ?? [], known)
  const steps = (clients ?? []).flatMap((wanted) => {
    const client = there.get(wanted)
    return client ? changeClient(wanted, client, at) : [createClient(wanted, at)]
  })
  if (!prune || !clients) return steps
  const kept = new Set([...there.values()].map(({ id }) => id))
  const gone = (known?.clients ?? []).filter(({ id }) => !kept.has(id))
  return [
    ...steps,
    ...gone.map(
      ({ id, name }): Step => ({
        action: 'remove',
        what: `client ${name}`,
        changes: [{ field: 'id', before: id }],
        run: (api) => done(api.send('DELETE', at(`/clients/${id}`))),
      }),
    ),
  ]
}

function createClient({ id: _id, disabled, ...body }: ClientEntry, at: Context['at']): Step {
  return {
    action: 'create',
    what: `client ${body.name}`,
    changes: differences(body, undefined),
    async run(api) {
      const { client, client_secret } = await api.send<{
        client: { id: string }
        client_secret: string | null
      }>('POST', at('/clients'), { body })
      if (disabled) await api.send('POST', at(`/clients/${client.id}/disable`))
      return client_secret === null ? undefined : { client_id: client.id, client_secret }
    },
  }
}

/** In the fields that can be changed. */
function changesOf(wanted: ClientEntry, there: KnownClient): Change[] {
  const { id: _id, disabled: _state, secret_days: _days, jwks: _jwks, ...fields } = wanted
  return differences(fields, there)
}

function changeClient(wanted: ClientEntry, there: KnownClient, at: Context['at']): Step[] {
  const { disabled } = wanted
  const changes = changesOf(wanted, there)
  const path = at(`/clients/${there.id}`)
  const isOther = disabled !== undefined && disabled !== there.disabled
  if (changes.length === 0 && !isOther) return []
  const body = Object.fromEntries(changes.map(({ field, after }) => [field, after]))
  const state = { field: 'disabled', before: there.disabled, after: disabled }
  return [
    {
      action: 'change',
      what: `client ${there.name}`,
      changes: isOther ? [...changes, state] : changes,
      async run(api) {
        if (changes.length > 0) await api.send('PATCH', path, { body })
        if (isOther) await api.send('POST', `${path}/${disabled ? 'disable' : 'enable'}`)
        return undefined
      },
    },
  ]
}
