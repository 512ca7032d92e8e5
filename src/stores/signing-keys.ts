// Signing keys: an organisation's private keys, sealed, and their public halves.

import type { CollectionSpec, Documents } from './documents.ts'

export type SigningAlgorithm = 'RS256' | 'ES256'

export type SigningKey = {
  /** The `kid`; also the id, unique over all organisations. */
  _id: string
  organisation: string
  alg: SigningAlgorithm
  /** 1 for an organisation's first key of this algorithm; each rotation counts one up. */
  generation: number
  /** The private JWK as JSON, sealed under `SECRET` for this organisation and `kid`. */
  sealed: string
  createdAt: number
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
  ],
}

export type SigningKeyStore = ReturnType<typeof createSigningKeyStore>

export function createSigningKeyStore(documents: Documents) {
  const collection = documents.collection<SigningKey>(signingKeysCollection)
  return {
    /** Throws `AlreadyExists` (`generation`) when another process made this generation first: read that one. */
    insert: (key: SigningKey): Promise<void> => collection.insert(key),

    /** An organisation's keys, the newest generation first; at most 20. */
    list: (organisation: string): Promise<SigningKey[]> =>
      collection.find({ organisation }, { sort: [['generation', -1]], limit: 20 }),
  }
}
