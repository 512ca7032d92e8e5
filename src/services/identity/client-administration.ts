// What operators do with a client after it was registered: change it, renew its secrets, disable and remove it.

import { type Clock, DAY } from '../../shared/clock.ts'
import { AppError } from '../../shared/errors.ts'
import type { OutgoingRules } from '../../shared/outgoing.ts'
import type { Keyring, Random } from '../../shared/secrets.ts'
import {
  type Client,
  type ClientChange,
  type ClientSecret,
  type ClientStore,
  secretIdOf,
  versionOf,
} from '../../stores/clients.ts'
import { type ClientEdit, changeOf, registrationOf } from './client-edit.ts'
import { isConfidential, registrationProblems } from './client-registration.ts'
import { createSecretMaker, isLiveSecret } from './client-secrets.ts'
import { refuseConsoleClient } from './console-client.ts'

/** Old and new while applications take over the new one, and one more for a mistake. */
const MAX_SECRETS = 3
/** How long a secret is good that was added to replace another, unless the operator says otherwise. */
const SECRET_LIFE = 180 * DAY
const MAX_SECRET_LIFE = 400 * DAY

/** Which client, who does it, and the version that they have seen, should it matter. */
export type ClientAct = {
  organisation: string
  id: string
  /** For the audit log. */
  actor: string
  /** When given and not the client's own any more, nothing happens: `precondition_failed`. */
  version?: number
}

export type ShownSecret = {
  id: string
  /** Its last four characters. */
  hint: string
  createdAt: number
  expiresAt?: number
  /** Exact to an hour. */
  lastUsedAt?: number
  isLive: boolean
}

/** What breaks when the client is no more. */
export type ClientImpact = {
  /** Sign-ins that are under way at it: one for each browser. */
  grants: number
  /** The last use of any of its secrets. */
  lastUsedAt?: number
}

/**
 * Every running server follows within five seconds. Each throws `not_found` when the organisation has no
 * such client, `managed_client` for a change to the console's, and `StoreUnavailable`.
 */
export type ClientAdministration = {
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
  /**
   * One more secret, told this once; those there are stay good until they are revoked or expire. `life` in
   * milliseconds. Throws `invalid_fields` when there are three live ones, or the client has none by its kind.
   */
  addSecret(act: ClientAct, life?: number): Promise<{ secret: string; shown: ShownSecret }>
  /** That secret is good no more. Throws `not_found` when there is none of the id. */
  revokeSecret(act: ClientAct, secret: string): Promise<Client>
  /** Nobody signs in at it, and its tokens are refused, until it is enabled again. */
  disable(act: ClientAct): Promise<Client>
  /** What it was given before works again, as far as it has not expired. */
  enable(act: ClientAct): Promise<Client>
  /** For ever: its grants end, its tokens are refused, its id is never given again. */
  remove(act: ClientAct): Promise<void>
}

type Action =
  | 'client.changed'
  | 'client.secret-added'
  | 'client.secret-revoked'
  | 'client.disabled'
  | 'client.enabled'
  | 'client.removed'

export function createClientAdministration(parts: {
  store: ClientStore
  grants: {
    /** How many of the client's have not expired. */
    count(organisation: string, client: string): Promise<number>
    /** Ends all of the client's. */
    endAll(organisation: string, client: string): Promise<void>
  }
  audit(entry: {
    organisation: string
    action: Action
    actor: string
    target: string
    before: object
    after?: object
  }): Promise<void>
  keyring: Keyring
  clock: Clock
  random: Random
  outgoing: OutgoingRules
}): ClientAdministration {
  const { store, grants, clock } = parts
  const makeSecret = createSecretMaker(parts)

  async function found(organisation: string, id: string): Promise<Client> {
    const client = await store.find(organisation, id)
    if (!client) throw new AppError('not_found', { detail: `${id} is no client` })
    return client
  }

  /** Reads, writes on the condition that nothing changed in between, and leaves its row in the audit log. */
  async function act<T extends Written>(
    { organisation, id, actor, version }: ClientAct,
    action: Action,
    write: (client: Client) => Promise<T | undefined>,
  ): Promise<T> {
    const client = await found(organisation, id)
    refuseConsoleClient(id)
    const written =
      version === undefined || version === versionOf(client) ? await write(client) : undefined
    if (!written) throw new AppError('precondition_failed')
    const before = audited(client)
    const after = written.client && audited(written.client)
    await parts.audit({ organisation, action, actor, target: id, before, ...(after && { after }) })
    return written
  }

  /** Whoever disables twice leaves the first instant. */
  const disabled = (client: Client): Promise<Changed | undefined> =>
    change(client, { disabledAt: client.disabledAt ?? clock.now() })

  const change = async (client: Client, by: ClientChange): Promise<Changed | undefined> => {
    const changed = await store.change(client, by, clock.now())
    return changed && { client: changed }
  }

  const isLive = (record: ClientSecret): boolean => isLiveSecret(record, clock.now())

  function shownSecret(client: Client, record: ClientSecret): ShownSecret {
    const { hint, createdAt, expiresAt } = record
    const id = secretIdOf(record)
    const lastUsedAt = client.secretUses?.[id]
    return {
      id,
      hint,
      createdAt,
      ...(expiresAt !== undefined && { expiresAt }),
      ...(lastUsedAt !== undefined && { lastUsedAt }),
      isLive: isLive(record),
    }
  }

  async function impactOf(client: Client): Promise<ClientImpact> {
    const uses = Object.values(client.secretUses ?? {})
    return {
      grants: await grants.count(client.organisation, client._id),
      ...(uses.length > 0 && { lastUsedAt: Math.max(...uses) }),
    }
  }

  return {
    async show(organisation, id) {
      const client = await found(organisation, id)
      return {
        client,
        version: versionOf(client),
        secrets: client.secrets.map((record) => shownSecret(client, record)),
        impact: await impactOf(client),
      }
    },

    async update(who, edit) {
      const { client } = await act(who, 'client.changed', (read) => {
        const by = changeOf(read, edit)
        const registration = registrationOf(read, by)
        // As at registration: origins that follow the redirect URIs are as good as those.
        const named = { ...registration, origins: edit.origins ?? [] }
        refuse(registrationProblems(named, parts.outgoing))
        return change(read, by)
      })
      return client
    },

    async addSecret(who, life = SECRET_LIFE) {
      const { secret, shown } = await act(who, 'client.secret-added', async (read) => {
        const live = read.secrets.filter(isLive)
        refuse(secretProblems(read, live.length, life))
        const made = makeSecret(read._id, life)
        const changed = await change(read, { secrets: [...live, made.record] })
        return (
          changed && {
            ...changed,
            secret: made.secret,
            shown: shownSecret(changed.client, made.record),
          }
        )
      })
      return { secret, shown }
    },

    async revokeSecret(who, secret) {
      const { client } = await act(who, 'client.secret-revoked', async (read) => {
        if (!read.secrets.some((record) => secretIdOf(record) === secret))
          throw new AppError('not_found', { detail: `${secret} is no secret of ${who.id}` })
        const changed = await store.revokeSecret(read, secret, clock.now())
        return changed && { client: changed }
      })
      return client
    },

    disable: async (who) => (await act(who, 'client.disabled', disabled)).client,

    async enable(who) {
      const enabled = (read: Client) => change(read, { disabledAt: undefined })
      return (await act(who, 'client.enabled', enabled)).client
    },

    async remove(who) {
      // Disabled first, so that whoever is interrupted finds it again, to remove it. Nothing new begins
      // meanwhile; what another process let in before it knew ends with the client's name.
      const { client } = await act(who, 'client.disabled', disabled)
      await grants.endAll(who.organisation, who.id)
      await act({ ...who, version: versionOf(client) }, 'client.removed', async (read) =>
        (await store.remove(read, clock.now())) ? {} : undefined,
      )
    },
  }
}

type Changed = { client: Client }
/** A client that was removed is no more. */
type Written = Partial<Changed>

/** For the audit log: without the secrets, but for their ids. */
function audited({ secrets, secretUses: _uses, keys, ...fields }: Client): object {
  return {
    ...fields,
    secretIds: secrets.map(secretIdOf),
    ...(keys && { keyIds: keys.map(({ kid }) => kid ?? null) }),
  }
}

function refuse(problems: { path: string; message: string }[]): void {
  if (problems.length > 0) throw new AppError('invalid_fields', { fields: problems })
}

function secretProblems(client: Client, live: number, life: number) {
  const checks: [boolean, string, string][] = [
    [!isConfidential(client.kind), 'kind', `a client of kind ${client.kind} has no secret`],
    [client.keys !== undefined, 'keys', 'it has keys, and so no secret'],
    [live >= MAX_SECRETS, 'secrets', `has ${MAX_SECRETS} that are good: revoke one first`],
    [
      !Number.isInteger(life) || life < 1 || life > MAX_SECRET_LIFE,
      'life',
      `at most ${MAX_SECRET_LIFE / DAY} days`,
    ],
  ]
  return checks.filter(([isWrong]) => isWrong).map(([, path, message]) => ({ path, message }))
}
