// Guess budgets: which wrong codes an address has seen lately, over all codes, flows and browsers.

import type { CollectionSpec, Documents } from './documents.ts'
import { AlreadyExists } from './errors.ts'

export type GuessBudget = {
  /** Keyed digest of organisation and address: no clear address stands here. */
  _id: string
  organisation: string
  /** When each guess was taken, the oldest first. */
  guesses: number[]
  /** How many they are. */
  taken: number
  /** Those of known browsers, which are taken while the budget is spent, the oldest first. */
  known?: KnownGuess[]
  /** Neither codes nor guesses until then, but for known browsers. */
  lockedUntil: number
  /** How many locks followed one another. */
  locks: number
  /** Counts every change. */
  version: number
  /** When all of it is forgotten. */
  expiresAt: number
}

export type KnownGuess = {
  /** The browser's part of its cookie, hashed. */
  browser: string
  at: number
}

/** What changes in a budget; what is left out stays. */
export type GuessBudgetChange = Partial<
  Pick<GuessBudget, 'guesses' | 'known' | 'lockedUntil' | 'locks'>
> & { expiresAt: number }

export const guessBudgetsCollection: CollectionSpec = {
  name: 'guess-budgets',
  indexes: [{ name: 'organisation', keys: [['organisation', 1]] }],
  expiresAt: 'expiresAt',
}

export type GuessBudgetStore = ReturnType<typeof createGuessBudgetStore>

export function createGuessBudgetStore(documents: Documents) {
  const collection = documents.collection<GuessBudget>(guessBudgetsCollection)
  return {
    find: (organisation: string, id: string): Promise<GuessBudget | undefined> =>
      collection.findOne({ _id: id, organisation }),

    /** Keeps a budget under another id, unless one is there: that one stays as it is. */
    async copy(budget: GuessBudget, id: string): Promise<void> {
      try {
        await collection.insert({ ...budget, _id: id })
      } catch (error) {
        if (!(error instanceof AlreadyExists)) throw error
      }
    },

    /** Removes those with these ids. */
    async remove(organisation: string, ids: readonly string[]): Promise<void> {
      await collection.deleteMany({ _id: { $in: ids }, organisation })
    },

    /**
     * Takes one guess, and makes the budget when there is none; `undefined` while it is locked or
     * `limit` guesses stand in it, old ones included. Atomic: many at once never get past `limit`.
     */
    async take(guess: {
      organisation: string
      id: string
      now: number
      limit: number
      expiresAt: number
    }): Promise<GuessBudget | undefined> {
      const { organisation, id, now, limit, expiresAt } = guess
      try {
        return await collection.updateOne(
          { _id: id, organisation, lockedUntil: { $lte: now }, taken: { $lt: limit } },
          {
            $inc: { taken: 1, version: 1 },
            $push: { guesses: now },
            $set: { expiresAt },
            $setOnInsert: { lockedUntil: 0, locks: 0 },
          },
          { upsert: true },
        )
      } catch (error) {
        // The budget is there, and the conditions do not hold.
        if (error instanceof AlreadyExists) return undefined
        throw error
      }
    },

    /** Changes a budget only while it is as it was seen; `undefined` when it is not. Atomic. */
    replace: (seen: GuessBudget, change: GuessBudgetChange): Promise<GuessBudget | undefined> =>
      collection.updateOne(
        { _id: seen._id, organisation: seen.organisation, version: seen.version },
        {
          $set: { ...change, ...(change.guesses && { taken: change.guesses.length }) },
          $inc: { version: 1 },
        },
      ),
  }
}
