// What operators do with clients: register, find, change, renew secrets, disable and remove them.

import type { Clock } from '../../../shared/clock.ts'
import { createCursors } from '../../../shared/cursors.ts'
import { AppError, refuseFields } from '../../../shared/errors.ts'
import type { OutgoingRules } from '../../../shared/outgoing.ts'
import { type Page, pageOf } from '../../../shared/pages.ts'
import type { Keyring, Random } from '../../../shared/secrets.ts'
import {
  type Client,
  type ClientChange,
  type ClientKind,
  type ClientStore,
  versionOf,
} from '../../../stores/clients.ts'
import {
  type Changed,
  type ClientAct,
  type ClientAudit,
  type ClientBy,
  createClientActs,
  requireTrust,
} from './client-acts.ts'
import { type ClientEdit, changeOf, registrationOf } from './client-edit.ts'
import { readClientKeys } from './client-keys.ts'
import { type NewClient, type Problem, registrationProblems } from './client-registration.ts'
import { clientFilterOf } from './client-search.ts'
import { type ClientSecretActs, createClientSecretActs } from './client-secret-acts.ts'
import { type ShownSecret, shownSecret } from './client-view.ts'
import type { Clients } from './clients.ts'

/** What breaks when the client is no more. */
export type ClientImpact = {
  /** Sign-ins that are under way at it: one for each browser. */
  grants: number
  /** The last use of any of its secrets. */
  lastUsedAt?: number
}

export type ClientQuery = {
  limit: number
  /** Of the page before. */
  cursor?: string | undefined
  /** How the name begins, or the id (`cli_…`). */
  q?: string | undefined
  kind?: ClientKind | undefined
}

/**
 * Every running server follows within five seconds. Each act throws `not_found` when the organisation has no
 * such client, `managed_client` for the console's, `insufficient_role` where only a platform owner may, and
 * `StoreUnavailable`.
 */
export type ClientAdministration = ClientSecretActs & {
  /**
   * Registers a client; `secret` is there for confidential kinds without keys, and never again. Throws
   * `invalid_fields` with everything that is wrong.
   */
  create(input: NewClient, by: ClientBy): Promise<{ client: Client; secret?: string }>
  /** Everything that `create` would refuse; nothing is kept. */
  check(input: NewClient): Problem[]
  /**
   * At most `limit`, the oldest first, or by name or id where those are looked for. Throws `bad_request` for
   * a cursor that is none of this list, or whose client was removed.
   */
  page(organisation: string, query: ClientQuery): Promise<Page<Client>>
  show(
    organisation: string,
    id: string,
  ): Promise<{
    client: Client
    version: number
    secrets: ShownSecret[]
    impact: ClientImpact
  }>
  /**
   * Changes what is named. Origins that are those of the redirect URIs follow them unless they are named,
   * too. Throws `invalid_fields` with everything that is wrong, judged as at registration.
   */
  update(act: ClientAct, edit: ClientEdit): Promise<Client>
  /** Other keys in place of those it has. Throws `invalid_fields`, also when it has a secret. */
  replaceKeys(act: ClientAct, jwks: unknown): Promise<Client>
  /** Nobody signs in at it, and its tokens are refused, until it is enabled again. */
  disable(act: ClientAct): Promise<Client>
  /** What it was given before works again, as far as it has not expired. */
  enable(act: ClientAct): Promise<Client>
  /** For ever: its grants end, its tokens are refused, its id is never given again. */
  remove(act: ClientAct): Promise<void>
}

export function createClientAdministration(parts: {
  clients: Pick<Clients, 'create' | 'problems'>
  store: ClientStore
  grants: {
    /** How many of the client's have not expired. */
    count(organisation: string, client: string): Promise<number>
    /** Ends all of the client's. */
    endAll(organisation: string, client: string): Promise<void>
  }
  audit: ClientAudit
  keyring: Keyring
  clock: Clock
  random: Random
  outgoing: OutgoingRules
}): ClientAdministration {
  const { clients, store, grants, clock, outgoing } = parts
  const { act, found, record } = createClientActs(parts)
  const cursors = createCursors(parts.keyring)

  const change = async (client: Client, by: ClientChange): Promise<Changed | undefined> => {
    const changed = await store.change(client, by, clock.now())
    return changed && { client: changed }
  }

  /** Whoever disables twice leaves the first instant. */
  const disabled = (client: Client): Promise<Changed | undefined> =>
    change(client, { disabledAt: client.disabledAt ?? clock.now() })

  async function impactOf(client: Client): Promise<ClientImpact> {
    const uses = Object.values(client.secretUses ?? {})
    return {
      grants: await grants.count(client.organisation, client._id),
      ...(uses.length > 0 && { lastUsedAt: Math.max(...uses) }),
    }
  }

  return {
    async create(input, by) {
      if (input.firstParty || input.pkce === 'optional') requireTrust(by)
      const created = await clients.create(input)
      const { organisation, _id: id } = created.client
      await record('client.created', { organisation, id, by, after: created.client })
      return created
    },

    check: clients.problems,

    async page(organisation, { limit, cursor, q, kind }) {
      const filter = clientFilterOf({ q, kind })
      return pageOf({
        cursors,
        // A cursor is good for the same question only.
        list: { list: `clients ${JSON.stringify(filter)}`, organisation, owner: '' },
        limit,
        cursor,
        async read({ limit, after: place }) {
          const after = place && (await store.find(organisation, place.id))
          if (place && !after)
            throw new AppError('bad_request', {
              message: 'Begin again: the cursor’s client has gone',
            })
          return store.list(organisation, { limit, filter, ...(after && { after }) })
        },
      })
    },

    async show(organisation, id) {
      const client = await found(organisation, id)
      return {
        client,
        version: versionOf(client),
        secrets: client.secrets.map((each) => shownSecret(client, each, clock.now())),
        impact: await impactOf(client),
      }
    },

    async update(who, edit) {
      const { client } = await act(who, 'client.changed', (read) => {
        const by = changeOf(read, edit)
        const registration = registrationOf(read, by)
        // As at registration: origins that follow the redirect URIs are as good as those.
        const named = { ...registration, origins: edit.origins ?? [] }
        refuseFields(registrationProblems(named, { outgoing, now: clock.now() }))
        if (needsTrust(read, edit)) requireTrust(who.by)
        return change(read, by)
      })
      return client
    },

    async replaceKeys(who, jwks) {
      const { client } = await act(who, 'client.keys-replaced', (read) => {
        const { keys, problems } = readClientKeys(jwks)
        refuseFields(
          read.keys ? problems : [{ path: 'jwks', message: 'is for clients that have keys' }],
        )
        return change(read, { keys })
      })
      return client
    },

    ...createClientSecretActs(parts, { act, change }),

    disable: async (who) => (await act(who, 'client.disabled', disabled)).client,

    async enable(who) {
      const enabled = (read: Client) => change(read, { disabledAt: undefined })
      return (await act(who, 'client.enabled', enabled)).client
    },

    async remove(who) {
      // Disabled first, so that whoever is interrupted finds it again, to remove it. Nothing new begins
      // meanwhile; what another process let in before it knew ends with the client's name.
      await act(who, 'client.disabled', disabled)
      await grants.endAll(who.organisation, who.id)
      await act({ ...who, version: undefined }, 'client.removed', async (read) =>
        (await store.remove(read, clock.now())) ? {} : undefined,
      )
    },
  }
}

/** Whoever tightens PKCE again needs none. */
function needsTrust(read: Client, { firstParty = read.firstParty, pkce }: ClientEdit): boolean {
  return firstParty !== read.firstParty || (pkce === 'optional' && read.pkce !== 'optional')
}
