// OAuth clients: the applications that an issuer knows.

import type { CollectionSpec, Documents, Filter } from './documents.ts'

/** What an application is; its grants and its authentication method follow from it. */
export type ClientKind = 'web' | 'browser' | 'native' | 'machine'

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

/** A public key (RFC 7517), reduced to its own parameters, `kid` and `alg`. */
export type ClientKey = {
  kty: 'RSA' | 'EC' | 'OKP'
  kid?: string
  alg?: string
  [parameter: string]: string | undefined
}

export type Client = {
  /** `cli_…`, or a fixed name for the house's own; the `client_id`. */
  _id: string
  organisation: string
  kind: ClientKind
  name: string
  redirectUris: string[]
  postLogoutRedirectUris: string[]
  /** Origins whose scripts may read token and userinfo answers. */
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
  /** The application's own page. */
  homeUri?: string
  /** Its page that begins a sign-in when it is opened (OpenID Connect Core 4). */
  initiateLoginUri?: string
  /** Where it is told that a session is over (OpenID Connect Back-Channel Logout 1.0, 2.2). */
  backChannelLogoutUri?: string
  /** By the id of a secret: when it was last used, noted at most once an hour. */
  secretUses?: { [secret: string]: number }
  createdAt: number
  updatedAt: number
  /** Counted up by everything that an operator changes; missing in those of earlier programs, see `versionOf`. */
  version?: number
  /** Set while disabled: the engine does not know it. */
  disabledAt?: number
  /** It was removed. What is left keeps its id from ever being another's; nothing here finds it. */
  removedAt?: number
}

/** Earlier programs made one secret for each client, and no id for it. */
export function secretIdOf({ id, hint }: ClientSecret): string {
  return id ?? `sec_${hint}`
}

export function versionOf({ version }: Client): number {
  return version ?? 0
}

/** What an operator changes of a client; `undefined` takes a field away. */
export type ClientChange = Partial<
  Pick<
    Client,
    | 'name'
    | 'redirectUris'
    | 'postLogoutRedirectUris'
    | 'origins'
    | 'pkce'
    | 'apiScopes'
    | 'secrets'
  >
> & {
  [Field in 'homeUri' | 'initiateLoginUri' | 'backChannelLogoutUri' | 'disabledAt']?:
    | Client[Field]
    | undefined
}

export const clientsCollection: CollectionSpec = {
  name: 'clients',
  indexes: [
    {
      name: 'created',
      keys: [
        ['organisation', 1],
        ['createdAt', 1],
      ],
    },
  ],
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
    revokeSecret(client: Client, secret: string, at: number): Promise<Client | undefined> {
      const secrets = client.secrets.filter((record) => secretIdOf(record) !== secret)
      return collection.updateOne(asRead(client), {
        $set: { secrets, updatedAt: at },
        $unset: { [`secretUses.${secret}`]: true },
        $inc: next,
      })
    },

    /** Removes it for ever, but for its id; `false` when it was changed or removed since it was read. Atomic. */
    async remove(client: Client, at: number): Promise<boolean> {
      const removed = await collection.updateOne(asRead(client), {
        $set: { removedAt: at, updatedAt: at, name: '', ...nothing },
        $unset: { keys: true, secretUses: true, homeUri: true, ...calls },
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

    /** Digests of the same secrets in place of those it has; nothing happens when it was changed meanwhile. Atomic. */
    async redigest(client: Client, secrets: ClientSecret[]): Promise<void> {
      await collection.updateOne(asRead(client), { $set: { secrets } })
    },

    /** Other keys in place of those it has; `undefined` when there is none, or it has a secret. Atomic. */
    replaceKeys: (
      organisation: string,
      id: string,
      change: { keys: ClientKey[]; updatedAt: number },
    ): Promise<Client | undefined> =>
      collection.updateOne(
        { _id: id, organisation, keys: { $exists: true }, ...live },
        { $set: change, $inc: next },
      ),

    /** Where it is told that a session is over, or nowhere; `undefined` when there is none. Atomic. */
    setBackChannelLogoutUri: (
      organisation: string,
      id: string,
      { uri, updatedAt }: { uri: string | undefined; updatedAt: number },
    ): Promise<Client | undefined> =>
      collection.updateOne(
        { _id: id, organisation, ...live },
        uri === undefined
          ? { $set: { updatedAt }, $unset: { backChannelLogoutUri: true }, $inc: next }
          : { $set: { updatedAt, backChannelLogoutUri: uri }, $inc: next },
      ),

    /** The oldest first, at most `limit`, after the one given. */
    list: (organisation: string, limit: number, after?: Client): Promise<Client[]> =>
      collection.find(
        { organisation, ...live },
        { sort: [['createdAt', 1]], limit, ...(after && { after: [after.createdAt, after._id] }) },
      ),
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
const calls = { initiateLoginUri: true, backChannelLogoutUri: true } as const
