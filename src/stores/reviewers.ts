// Reviewers: for each organisation at most one address with a fixed code, for those who review its apps.

import type { CollectionSpec, Documents } from './documents.ts'

export type Reviewer = {
  /** The organisation's id: there is one at the most. */
  _id: string
  organisation: string
  /** Normalised. */
  email: string
  /** HMAC of organisation, address and code. */
  digest: string
  /** Wrong codes that were looked at, in all the life of this one. */
  guesses: number
  createdAt: number
  expiresAt: number
}

export const reviewersCollection: CollectionSpec = {
  name: 'reviewers',
  indexes: [],
  expiresAt: 'expiresAt',
}

export type ReviewerStore = ReturnType<typeof createReviewerStore>

export function createReviewerStore(documents: Documents) {
  const collection = documents.collection<Reviewer>(reviewersCollection)
  return {
    /** Puts it in the place of the one there was. Atomic. */
    async put({ _id, organisation, ...reviewer }: Reviewer): Promise<void> {
      await collection.updateOne({ _id, organisation }, { $set: reviewer }, { upsert: true })
    },

    /** Expired ones too, until they are gone. */
    find: (organisation: string): Promise<Reviewer | undefined> =>
      collection.findOne({ _id: organisation, organisation }),

    /** `false` when there was none. */
    remove: async (organisation: string): Promise<boolean> =>
      (await collection.deleteMany({ _id: organisation, organisation })) > 0,

    /**
     * Counts a guess at the code of this address; `undefined` when there is no such address, when it has
     * expired by `now`, or when `limit` guesses were counted. Atomic: many at once never get past `limit`.
     */
    take: (guess: {
      organisation: string
      email: string
      now: number
      limit: number
    }): Promise<Reviewer | undefined> =>
      collection.updateOne(
        {
          _id: guess.organisation,
          organisation: guess.organisation,
          email: guess.email,
          expiresAt: { $gt: guess.now },
          guesses: { $lt: guess.limit },
        },
        { $inc: { guesses: 1 } },
      ),

    /** Gives a guess back, unless another code was set meanwhile. Atomic. */
    async giveBack({ _id, organisation, digest }: Reviewer): Promise<void> {
      await collection.updateOne({ _id, organisation, digest }, { $inc: { guesses: -1 } })
    },
  }
}
