// Signing keys: an organisation's private keys, sealed, one generation after another.

import type { CollectionSpec, Documents, Write } from './documents.ts'

export type SigningAlgorithm = 'RS256' | 'ES256'

export type SigningKey = {
  /** The `kid`; also the id, unique over all organisations and never used again. */
  _id: string
  organisation: string
  alg: SigningAlgorithm
  /** 1 for an organisation's first key of this algorithm; each rotation counts one up. */
  generation: number
  /** The JWK as JSON, sealed under `SECRET` for this organisation and `kid`: whole, after its retirement the public half. */
  sealed: string
  /** Names the value of `SECRET` that it is sealed under. */
  sealedBy: string
  createdAt: number
  /** Published from its making on; from here on it signs, until its successor does. */
  activeFrom: number
  /** From here on it is published no more. There as soon as it has a successor. */
  retiresAt?: number
  /** When something is to be done next: to give the newest a successor, to take the private half of a former one. */
  dueAt?: number
  /** When nobody shows anything any more that it signed. There as soon as it has a successor. */
  expiresAt?: number
}

export const signingKeysCollection: CollectionSpec = {
  name: 'signing-keys',
  indexes: [
    {
      name: 'generation',
      keys: [
        ['organisation', 1],
        ['alg', 1],
        ['generation', 1],
      ],
      unique: true,
    },
    { name: 'made', keys: [['createdAt', 1]] },
    { name: 'due', keys: [['dueAt', 1]], sparse: true },
    { name: 'seal', keys: [['sealedBy', 1]], sparse: true },
  ],
  expiresAt: 'expiresAt',
}

export type SigningKeyStore = ReturnType<typeof createSigningKeyStore>

/** The longest answer of one read. */
const PAGE = 500
/** More than an organisation has that is rotated by hand every week. */
const MAX_KEYS = 100

export function createSigningKeyStore(documents: Documents) {
  const collection = documents.collection<SigningKey>(signingKeysCollection)
  return {
    /** Throws `AlreadyExists` (`generation`) when another process made this generation first: read that one. */
    insert: (key: SigningKey): Promise<void> => collection.insert(key),

    /** An organisation's keys, also expired ones, the newest generation first; at most 100. */
    list: (organisation: string): Promise<SigningKey[]> =>
      collection.find({ organisation }, { sort: [['generation', -1]], limit: MAX_KEYS }),

    /** The keys of all organisations made since an instant, the oldest first. */
    async madeSince(at: number): Promise<SigningKey[]> {
      const found: SigningKey[] = []
      for (;;) {
        const last = found.at(-1)
        const page = await collection.find(
          { createdAt: { $gte: at } },
          {
            sort: [['createdAt', 1]],
            limit: PAGE,
            ...(last && { after: [last.createdAt, last._id] }),
          },
        )
        found.push(...page)
        if (page.length < PAGE) return found
      }
    },

    /** At most `limit` keys of all organisations for which something is to be done, the longest due first. */
    due: (now: number, limit: number): Promise<SigningKey[]> =>
      collection.find({ dueAt: { $lte: now } }, { sort: [['dueAt', 1]], limit }),

    /** At most `limit` keys of all organisations that are sealed under one of these values of `SECRET`. */
    sealedBy: (names: readonly string[], limit: number): Promise<SigningKey[]> =>
      collection.find({ sealedBy: { $in: names } }, { sort: [['sealedBy', 1]], limit }),

    /**
     * Adds a key's successor, and from when on the key itself is published no more and is of no use. Both
     * or nothing: `false` when the key has a successor or is gone.
     */
    async succeed(
      key: SigningKey,
      successor: SigningKey,
      { retiresAt, expiresAt }: { retiresAt: number; expiresAt: number },
    ): Promise<boolean> {
      const { done } = await documents.unitOfWork([
        { in: signingKeysCollection, insert: successor },
        {
          in: signingKeysCollection,
          update: { _id: key._id, organisation: key.organisation, retiresAt: { $exists: false } },
          by: { $set: { retiresAt, expiresAt, dueAt: retiresAt } },
        },
      ])
      return done
    },

    /**
     * Adds these keys, each of another algorithm, and removes all those they replace: the newest of before
     * and every older one of its algorithm. All or nothing: `false` when one of the newest is gone, or is the newest
     * no more.
     */
    async replaceAll(
      replacements: readonly { key: SigningKey; newest: SigningKey | undefined }[],
    ): Promise<boolean> {
      const writes = replacements.flatMap(({ key, newest }): Write[] => {
        const { organisation, alg, generation } = key
        const older = { organisation, alg, generation: { $lt: generation } }
        return [
          ...(newest
            ? [{ in: signingKeysCollection, remove: { _id: newest._id, organisation } }]
            : []),
          { in: signingKeysCollection, remove: older, optional: true },
          { in: signingKeysCollection, insert: key },
        ]
      })
      return (await documents.unitOfWork(writes)).done
    },

    /**
     * Seals a key's content anew; with `isRetired` it is the public half, and nothing more is to be done.
     * `false` when its content is another meanwhile. Atomic.
     */
    async reseal(
      { _id, organisation, sealed }: SigningKey,
      content: { sealed: string; sealedBy: string },
      { isRetired }: { isRetired: boolean },
    ): Promise<boolean> {
      const changed = await collection.updateOne(
        { _id, organisation, sealed },
        { $set: { ...content }, ...(isRetired && { $unset: { dueAt: true } }) },
      )
      return changed !== undefined
    },

    /** Adds what keys made by an earlier version lack; nothing happens where it is there. Atomic. */
    async complete(
      { _id, organisation }: SigningKey,
      fields: Pick<SigningKey, 'sealedBy' | 'activeFrom' | 'dueAt'>,
    ): Promise<void> {
      await collection.updateOne(
        { _id, organisation, activeFrom: { $exists: false } },
        { $set: { ...fields } },
      )
    },
  }
}
