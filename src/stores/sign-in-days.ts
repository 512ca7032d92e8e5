// How many signed in on each day: one document for each organisation and day, counted up.

import type { CollectionSpec, Documents } from './documents.ts'

export type SignInDay = {
  /** `ORGANISATION/DAY` */
  _id: string
  organisation: string
  /** `2026-11-21`, in the organisation's time zone as it was then. */
  day: string
  signIns: number
  newAccounts: number
  expiresAt: number
}

/** What is added to a day. */
export type SignInCount = Omit<SignInDay, '_id'>

export const signInDaysCollection: CollectionSpec = {
  name: 'sign-in-days',
  indexes: [
    {
      name: 'day',
      keys: [
        ['organisation', 1],
        ['day', 1],
      ],
    },
  ],
  expiresAt: 'expiresAt',
}

export type SignInDayStore = ReturnType<typeof createSignInDayStore>

export function createSignInDayStore(documents: Documents) {
  const collection = documents.collection<SignInDay>(signInDaysCollection)
  return {
    /** Adds to days, and makes those that are missing, in one trip. Each is one atomic step, together they are not. */
    async add(counts: readonly SignInCount[]): Promise<void> {
      await collection.updateInOrder(
        counts.map(({ organisation, day, signIns, newAccounts, expiresAt }) => ({
          filter: { _id: `${organisation}/${day}`, organisation },
          update: { $inc: { signIns, newAccounts }, $set: { day, expiresAt } },
          upsert: true,
        })),
      )
    },

    /** From a day on, at most `limit`, in their order; days on which nobody signed in are missing. */
    since: (organisation: string, day: string, limit: number): Promise<SignInDay[]> =>
      collection.find({ organisation, day: { $gte: day } }, { sort: [['day', 1]], limit }),
  }
}
