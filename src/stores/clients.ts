// OAuth clients: the applications that an issuer knows.

import type { ClientKey } from './client-keys.ts'
import { clientIndex, clientListIndexes, createClientList } from './client-list.ts'
import { clientRegistrationIndex, createClientRegistrations } from './client-registrations.ts'
import { createClientTending } from './client-tending.ts'
import type { CollectionSpec, Documents, Filter } from './documents.ts'

/** What an application is; its grants and its authentication method follow from it. */
export const clientKinds = ['web', 'browser', 'native', 'machine', 'preview'] as const
export type ClientKind = (typeof clientKinds)[number]

export type ClientSecret = {
  /** `sec_…`, by which it is revoked; missing in those of earlier programs, see `secretIdOf`. */
  id?: string
  /** HMAC under `SECRET`; the secret itself is shown once and not kept. */
  digest: string
  /** Names the value of `SECRET`; missing in those of earlier programs. */
  digestedBy?: string
  /** Its last four characters, to tell secrets apart. */
  hint: string
  createdAt: number
  expiresAt?: number
}

export type Client = {
  /** `cli_…`, or a fixed name for the house's own; the `client_id`. */
  _id: string
  organisation: string
  kind: ClientKind
  name: string
  /** Only those of kind preview, and their origins, may have a wildcard (`https://*.preview.example.com/cb`). */
  redirectUris: string[]
  postLogoutRedirectUris: string[]
  /** Origins of its pages: their scripts may read its tokens, sign people in and hand sessions on. */
  origins: string[]
  /** `optional` only for one confidential client at a time, on purpose: RFC 9700 wants PKCE everywhere. */
  pkce: 'required' | 'optional'
  /** API scopes that it may ask for; a first-party client holds all, whatever stands here. */
  apiScopes: string[]
  firstParty: boolean
  /** At most three live ones; none for public kinds, and none beside keys. */
  secrets: ClientSecret[]
  /** With these it proves who it is by signatures (`private_key_jwt`), and by nothing else. */
  keys?: ClientKey[]
  /** In place of keys: where they are fetched when it proves who it is. */
  keysUri?: string
  /** The application's own page. */
  homeUri?: string
  /** Its privacy policy and its terms, for people who are asked for permission. */
  policyUri?: string
  termsUri?: string
  /** Kept for whoever reads the registration: no page of ours fetches or shows it. */
  logoUri?: string
  /** Its page that begins a sign-in when it is opened (OpenID Connect Core 4). */
  initiateLoginUri?: string
  /** Where it is told that a session is over (OpenID Connect Back-Channel Logout 1.0, 2.2). */
  backChannelLogoutUri?: string
  /** In place of the organisation's, in milliseconds. */
  lifetimes?: ClientLifetimes
  /** Of kind preview: from then on the engine does not know it. */
  expiresAt?: number
  /** Userinfo answers it with a signed JWT in place of JSON (OpenID Connect Core 5.3.2). */
  userinfoAlg?: 'RS256'
  /** It registered itself (RFC 7591), with the initial access token of this id. */
  registeredBy?: string
  /** SHA-256 of the token with which it manages its registration (RFC 7592). */
  registrationToken?: string
  /** By the id of a secret: when it was last used, noted at most once an hour. */
  secretUses?: { [secret: string]: number }
  createdAt: number
  updatedAt: number
  /** Counted up by everything that an operator changes; missing in those of earlier programs, see `versionOf`. */
  version?: number
  /** The name as it is searched for; missing in those of earlier programs until the job `clients.tend` has run. */
  search?: string
  /** When operators are to be warned next that a secret ends. */
  warnAt?: number
  /** Set while disabled: the engine does not know it. */
  disabledAt?: number
  /** It was removed. What is left keeps its id from ever being another's; nothing here finds it. */
  removedAt?: number
}

/** How long what it is given lives, where an operator chose. */
export type ClientLifetimes = {
  accessToken?: number
  idToken?: number
  refreshIdle?: number
  refreshAbsolute?: number
}

/** Earlier programs made one secret for each client, and no id for it. */
export function secretIdOf({ id, hint }: ClientSecret): string {
  return id ?? `sec_${hint}`
}

export function versionOf({ version }: Client): number {
  return version ?? 0
}

/** Fields that a change can take away. */
type Optional =
  | 'homeUri'
  | 'initiateLoginUri'
  | 'backChannelLogoutUri'
  | 'policyUri'
  | 'termsUri'
  | 'logoUri'
  | 'lifetimes'
  | 'expiresAt'
  | 'warnAt'
  | 'disabledAt'

/** What is changed of a client; `undefined` takes a field away. */
export type ClientChange = Partial<
  Pick<
    Client,
    | 'name'
    | 'search'
    | 'redirectUris'
    | 'postLogoutRedirectUris'
    | 'origins'
    | 'pkce'
    | 'apiScopes'
    | 'firstParty'
    | 'secrets'
    | 'keys'
  >
> & { [Field in Optional]?: Client[Field] | undefined }

export const clientsCollection: CollectionSpec = {
  name: 'clients',
  indexes: [...clientListIndexes, clientRegistrationIndex, clientIndex('warn', ['warnAt'], true)],
}

export type ClientStore = ReturnType<typeof createClientStore>

export function createClientStore(documents: Documents) {
  const collection = documents.collection<Client>(clientsCollection)
  const live = { removedAt: { $exists: false } } as const
  const asRead = (client: Client): Filter => ({
    _id: client._id,
    organisation: client.organisation,
    version: client.version ?? { $exists: false },
    ...live,
  })
  const next = { version: 1 } as const
  return {
    /** Makes a client of the house's own, or makes it again what it is handed as, enabled. Atomic; many at once agree. */
    async keep({ _id, organisation, createdAt, ...fields }: Client): Promise<void> {
      await collection.updateOne(
        { _id, organisation },
        {
          $set: fields,
          $unset: { disabledAt: true, removedAt: true },
          $setOnInsert: { createdAt },
        },
        { upsert: true },
      )
    },

    /** Throws `AlreadyExists` (`_id`) when the id is taken, also by one that was removed. */
    insert: (client: Client): Promise<void> => collection.insert(client),

    find: (organisation: string, id: string): Promise<Client | undefined> =>
      collection.findOne({ _id: id, organisation, ...live }),

    /** Changes it, unless it was changed or removed since it was read: then `undefined`. Atomic. */
    change(client: Client, change: ClientChange, at: number): Promise<Client | undefined> {
      const fields = Object.entries(change)
      const kept = fields.filter(([, value]) => value !== undefined)
      const gone = fields.filter(([, value]) => value === undefined)
      return collection.updateOne(asRead(client), {
        $set: { ...Object.fromEntries(kept), updatedAt: at },
        $inc: next,
        ...(gone.length > 0 && {
          $unset: Object.fromEntries(gone.map(([field]) => [field, true])),
        }),
      })
    },

    /** Takes a secret away, with what is known of its use; as for `change`. Atomic. */
    revokeSecret(
      client: Client,
      { secret, warnAt, at }: { secret: string; warnAt: number | undefined; at: number },
    ): Promise<Client | undefined> {
      const secrets = client.secrets.filter((record) => secretIdOf(record) !== secret)
      return collection.updateOne(asRead(client), {
        $set: { secrets, updatedAt: at, ...(warnAt !== undefined && { warnAt }) },
        $unset: { [`secretUses.${secret}`]: true, ...(warnAt === undefined && { warnAt: true }) },
        $inc: next,
      })
    },

    /** Removes it for ever, but for its id; `false` when it was changed or removed since it was read. Atomic. */
    async remove(client: Client, at: number): Promise<boolean> {
      const removed = await collection.updateOne(asRead(client), {
        $set: { removedAt: at, updatedAt: at, name: '', ...nothing },
        $unset: { ...nowhere },
        $inc: next,
      })
      return removed !== undefined
    },

    /** Notes that a secret was used, unless a use since `after` is known. Atomic. */
    async noteUse(
      { _id, organisation }: Client,
      { secret, at, after }: { secret: string; at: number; after: number },
    ): Promise<void> {
      const path = `secretUses.${secret}`
      await collection.updateOne(
        {
          _id,
          organisation,
          ...live,
          $or: [{ [path]: { $exists: false } }, { [path]: { $lte: after } }],
        },
        { $set: { [path]: at } },
      )
    },

    /** Changes where the client may be sent; `undefined` when there is none. Atomic. */
    changeAddresses: (
      organisation: string,
      id: string,
      change: Pick<
        Client,
        'redirectUris' | 'postLogoutRedirectUris' | 'origins' | 'homeUri' | 'updatedAt'
      >,
    ): Promise<Client | undefined> =>
      collection.updateOne({ _id: id, organisation, ...live }, { $set: change, $inc: next }),

    ...createClientRegistrations(collection, live),

    /** Digests of the same secrets in place of those it has; nothing happens when it was changed meanwhile. Atomic. */
    async redigest(client: Client, secrets: ClientSecret[]): Promise<void> {
      await collection.updateOne(asRead(client), { $set: { secrets } })
    },

    list: createClientList(collection, live),

    ...createClientTending(collection, asRead),
  }
}

/** What stays of a removed client in fields that every client has. */
const nothing = {
  redirectUris: [],
  postLogoutRedirectUris: [],
  origins: [],
  apiScopes: [],
  secrets: [],
}
const nowhere = {
  registrationToken: true,
  keys: true,
  keysUri: true,
  secretUses: true,
  homeUri: true,
  policyUri: true,
  termsUri: true,
  logoUri: true,
  initiateLoginUri: true,
  backChannelLogoutUri: true,
  search: true,
  warnAt: true,
} as const
