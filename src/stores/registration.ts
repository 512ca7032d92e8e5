// Dynamic registration: what an organisation lets applications register, and the tokens with which they begin.

import { firstFirst, type TimePage } from './by-time.ts'
import type { ClientKind } from './clients.ts'
import type { CollectionSpec, Documents } from './documents.ts'

/** How an application proves who it is (RFC 7591, 2). */
export const registrationMethods = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'none',
] as const

/** What may be registered without an operator; it stands with the organisation. */
export type RegistrationPolicy = Readonly<{
  isOn: boolean
  kinds: readonly Exclude<ClientKind, 'preview'>[]
  authMethods: readonly (typeof registrationMethods)[number][]
  /** API scopes that may be asked for at registration; a customer permits them all the same. */
  apiScopes: readonly string[]
  /** Where customers may be sent: only to these hosts. Missing: to any. */
  redirectHosts?: readonly string[]
  /** `optional` is for certification: RFC 9700 wants PKCE everywhere. */
  pkce: 'required' | 'optional'
}>

/** An initial access token (RFC 7591, 1.2). */
export type RegistrationToken = {
  /** `rgt_…` */
  _id: string
  organisation: string
  /** What it is for. */
  name: string
  /** SHA-256 of the token. */
  digest: string
  /** Its last four characters, to tell tokens apart. */
  hint: string
  /** How many registrations it is still good for, and of how many. */
  usesLeft: number
  uses: number
  /** Who made it: an operator, an API key, or `command-line`. */
  createdBy: string
  createdAt: number
  expiresAt: number
}

export const registrationTokensCollection: CollectionSpec = {
  name: 'registration-tokens',
  indexes: [
    { name: 'digest', keys: [['digest', 1]], unique: true },
    {
      name: 'created',
      keys: [
        ['organisation', 1],
        ['createdAt', 1],
        ['_id', 1],
      ],
    },
  ],
  expiresAt: 'expiresAt',
}

export type RegistrationTokenStore = ReturnType<typeof createRegistrationTokenStore>

export function createRegistrationTokenStore(documents: Documents) {
  const collection = documents.collection<RegistrationToken>(registrationTokensCollection)
  return {
    insert: (token: RegistrationToken): Promise<void> => collection.insert(token),

    /** Expired and used ones too, until they are gone. */
    findByDigest: (organisation: string, digest: string): Promise<RegistrationToken | undefined> =>
      collection.findOne({ digest, organisation }),

    find: (organisation: string, id: string): Promise<RegistrationToken | undefined> =>
      collection.findOne({ _id: id, organisation }),

    /** Takes one of its uses; `undefined` when none is left, or it has expired by `now`. Atomic: none is taken twice. */
    takeUse: (
      organisation: string,
      digest: string,
      now: number,
    ): Promise<RegistrationToken | undefined> =>
      collection.updateOne(
        { digest, organisation, usesLeft: { $gt: 0 }, expiresAt: { $gt: now } },
        { $inc: { usesLeft: -1 } },
      ),

    /** Gives back what was taken for a registration that was refused. Atomic. */
    async giveBack({ _id, organisation }: RegistrationToken): Promise<void> {
      await collection.updateOne({ _id, organisation }, { $inc: { usesLeft: 1 } })
    },

    /** In the order in which they were made; used ones too, until they expire. */
    list: (
      organisation: string,
      { now, ...page }: TimePage & { now: number },
    ): Promise<RegistrationToken[]> =>
      collection.find({ organisation, expiresAt: { $gt: now } }, firstFirst('createdAt', page)),

    /** `false` when it was gone. Atomic: of many at once one is told `true`. */
    remove: async (organisation: string, id: string): Promise<boolean> =>
      (await collection.deleteMany({ _id: id, organisation })) > 0,
  }
}
