// API keys: what programs show in place of an operator's token, to look after one organisation, or all of them.

import type { CollectionSpec, Documents } from './documents.ts'
import type { OperatorRole } from './operator-roles.ts'

export type ApiKey = {
  /** `key_…` */
  _id: string
  /** The organisation's id, or `PLATFORM`. */
  organisation: string
  /** From 0: a place has so many keys as it has of these. */
  slot: number
  name: string
  /** In `PLATFORM` what it may be in every organisation; `owner` is there a platform owner. */
  role: OperatorRole
  /** What it may do within its role. */
  scopes: string[]
  /** HMAC under `SECRET`; the key itself is shown once and not kept. */
  digest: string
  /** Names the value of `SECRET`. */
  digestedBy: string
  /** Its last four characters, to tell keys apart. */
  hint: string
  /** Who made it: an operator, another key, or `command-line`. */
  createdBy: string
  createdAt: number
  expiresAt: number
  /** From here on nobody needs to know that it has expired. */
  forgottenAt: number
  /** Noted at most once an hour. */
  lastUsedAt?: number
}

export const apiKeysCollection: CollectionSpec = {
  name: 'api-keys',
  indexes: [
    {
      name: 'slot',
      keys: [
        ['organisation', 1],
        ['slot', 1],
      ],
      unique: true,
    },
    { name: 'digest', keys: [['digest', 1]], unique: true },
  ],
  expiresAt: 'forgottenAt',
}

export type ApiKeyStore = ReturnType<typeof createApiKeyStore>

export function createApiKeyStore(documents: Documents) {
  const collection = documents.collection<ApiKey>(apiKeysCollection)
  return {
    /** Adds it, in place of an expired one; `false` when another key has its slot. Atomic. */
    async insert(key: ApiKey): Promise<boolean> {
      const { organisation, slot, createdAt } = key
      const { done } = await documents.unitOfWork([
        {
          in: apiKeysCollection,
          remove: { organisation, slot, expiresAt: { $lte: createdAt } },
          optional: true,
        },
        { in: apiKeysCollection, insert: key },
      ])
      return done
    },

    /** The one with any of these digests; expired ones too, until they are gone. */
    findByDigest: (digests: readonly string[]): Promise<ApiKey | undefined> =>
      collection.findOne({ digest: { $in: digests } }),

    find: (organisation: string, id: string): Promise<ApiKey | undefined> =>
      collection.findOne({ _id: id, organisation }),

    /** By their slots, at most `limit`; expired ones too, until they are gone. */
    list: (organisation: string, limit: number): Promise<ApiKey[]> =>
      collection.find({ organisation }, { sort: [['slot', 1]], limit }),

    /** `false` when it was gone. Atomic: of many at once one is told `true`. */
    remove: async (organisation: string, id: string): Promise<boolean> =>
      (await collection.deleteMany({ _id: id, organisation })) > 0,

    /** Notes that it was used, unless a use since `after` is known. Atomic. */
    async noteUse({ _id }: ApiKey, { at, after }: { at: number; after: number }): Promise<void> {
      await collection.updateOne(
        { _id, $or: [{ lastUsedAt: { $exists: false } }, { lastUsedAt: { $lte: after } }] },
        { $set: { lastUsedAt: at } },
      )
    },

    /** A digest of the same key in place of the one it has. Atomic. */
    async redigest(
      { _id, digest }: ApiKey,
      next: Pick<ApiKey, 'digest' | 'digestedBy'>,
    ): Promise<void> {
      await collection.updateOne({ _id, digest }, { $set: next })
    },
  }
}
