// OAuth clients: the applications that an issuer knows.

import type { CollectionSpec, Documents } from './documents.ts'

/** What an application is; its grants and its authentication method follow from it. */
export type ClientKind = 'web' | 'browser' | 'native' | 'machine'

export type ClientSecret = {
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
  createdAt: number
  updatedAt: number
  /** Set while disabled: the engine does not know it. */
  disabledAt?: number
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
  return {
    /** Throws `AlreadyExists` (`_id`) when the id is taken. */
    insert: (client: Client): Promise<void> => collection.insert(client),

    find: (organisation: string, id: string): Promise<Client | undefined> =>
      collection.findOne({ _id: id, organisation }),

    /** Changes where the client may be sent; `undefined` when there is none. Atomic. */
    changeAddresses: (
      organisation: string,
      id: string,
      change: Pick<
        Client,
        'redirectUris' | 'postLogoutRedirectUris' | 'origins' | 'homeUri' | 'updatedAt'
      >,
    ): Promise<Client | undefined> =>
      collection.updateOne({ _id: id, organisation }, { $set: change }),

    /** Digests of the same secrets in place of those it has; nothing happens when it was changed meanwhile. Atomic. */
    async redigest(
      { _id, organisation, updatedAt }: Client,
      secrets: ClientSecret[],
    ): Promise<void> {
      await collection.updateOne({ _id, organisation, updatedAt }, { $set: { secrets } })
    },

    /** Other keys in place of those it has; `undefined` when there is none, or it has a secret. Atomic. */
    replaceKeys: (
      organisation: string,
      id: string,
      change: { keys: ClientKey[]; updatedAt: number },
    ): Promise<Client | undefined> =>
      collection.updateOne({ _id: id, organisation, keys: { $exists: true } }, { $set: change }),

    /** Where it is told that a session is over, or nowhere; `undefined` when there is none. Atomic. */
    setBackChannelLogoutUri: (
      organisation: string,
      id: string,
      { uri, updatedAt }: { uri: string | undefined; updatedAt: number },
    ): Promise<Client | undefined> =>
      collection.updateOne(
        { _id: id, organisation },
        uri === undefined
          ? { $set: { updatedAt }, $unset: { backChannelLogoutUri: true } }
          : { $set: { updatedAt, backChannelLogoutUri: uri } },
      ),

    /** The oldest first, at most `limit`, after the one given. */
    list: (organisation: string, limit: number, after?: Client): Promise<Client[]> =>
      collection.find(
        { organisation },
        { sort: [['createdAt', 1]], limit, ...(after && { after: [after.createdAt, after._id] }) },
      ),
  }
}
