// Requests that were made under an idempotency key, and what they were answered.

import type { CollectionSpec, Documents } from './documents.ts'
import { AlreadyExists } from './errors.ts'

export type KeyedRequest = {
  /** SHA-256 of who asked, what for, and the key: nobody meets another's. */
  _id: string
  /** SHA-256 of what was asked: another question under the same key is a mistake. */
  fingerprint: string
  /** Until then whoever began it is at it; after it, it may be begun again. */
  busyUntil: number
  /** Sealed, for it may hold a secret that is shown once; absent until it was answered. */
  answer?: string
  expiresAt: number
}

export const idempotencyCollection: CollectionSpec = {
  name: 'idempotency',
  indexes: [],
  expiresAt: 'expiresAt',
}

export type IdempotencyStore = ReturnType<typeof createIdempotencyStore>

export function createIdempotencyStore(documents: Documents) {
  const collection = documents.collection<KeyedRequest>(idempotencyCollection)
  return {
    /** `false` when there is one of this id already. Atomic: of many at once one begins. */
    async begin(request: KeyedRequest): Promise<boolean> {
      try {
        await collection.insert(request)
        return true
      } catch (error) {
        if (error instanceof AlreadyExists) return false
        throw error
      }
    },

    /** Expired ones too, until they are gone. */
    find: (id: string): Promise<KeyedRequest | undefined> => collection.findOne({ _id: id }),

    /** Puts another in the place of the one that was read; `false` when somebody else did. Atomic. */
    async beginAgain(read: KeyedRequest, again: KeyedRequest): Promise<boolean> {
      const { _id, fingerprint, busyUntil, expiresAt } = again
      const begun = await collection.updateOne(
        { _id, busyUntil: read.busyUntil, expiresAt: read.expiresAt },
        { $set: { fingerprint, busyUntil, expiresAt }, $unset: { answer: true } },
      )
      return begun !== undefined
    },

    /** Keeps the answer. Nothing happens when somebody else began it again. */
    async answer({ _id, busyUntil }: KeyedRequest, answer: string): Promise<void> {
      await collection.updateOne({ _id, busyUntil }, { $set: { answer } })
    },

    /** It was refused: the key is free again. */
    async release({ _id, busyUntil }: KeyedRequest): Promise<void> {
      await collection.deleteMany({ _id, busyUntil })
    },
  }
}
