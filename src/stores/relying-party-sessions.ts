// Sessions of the house's own relying parties: one for each browser that is signed in at one of them.

import type { CollectionSpec, Documents } from './documents.ts'

export type RelyingPartySession = {
  /** SHA-256 of the cookie's value. */
  _id: string
  organisation: string
  /** Which of them: what is one's is nothing to another. */
  relyingParty: string
  account: string
  /** The engine's session that it comes from. */
  session?: string
  /** Its tokens, sealed under a key that is made of the cookie's value too. */
  sealed: string
  /** From here on the access token is to be replaced. */
  refreshAt: number
  createdAt: number
  expiresAt: number
  /** Counted up whenever its tokens are replaced. */
  version: number
  /** Somebody replaces them, and is done or gone by then. */
  leasedUntil?: number
}

export const relyingPartySessionsCollection: CollectionSpec = {
  name: 'relying-party-sessions',
  indexes: [
    {
      name: 'account',
      keys: [
        ['organisation', 1],
        ['account', 1],
      ],
    },
  ],
  expiresAt: 'expiresAt',
}

export type RelyingPartySessionStore = ReturnType<typeof createRelyingPartySessionStore>

export function createRelyingPartySessionStore(documents: Documents) {
  const collection = documents.collection<RelyingPartySession>(relyingPartySessionsCollection)
  return {
    insert: (session: RelyingPartySession): Promise<void> => collection.insert(session),

    /** `undefined` when there is none, or it has expired by `now`. */
    find: (
      relyingParty: string,
      id: string,
      now: number,
    ): Promise<RelyingPartySession | undefined> =>
      collection.findOne({ _id: id, relyingParty, expiresAt: { $gt: now } }),

    /**
     * The right to replace the tokens of the session as it was read, for as long as `until`; `false` while
     * somebody else has it, or when they were replaced since. Atomic: of many at once one is told `true`.
     */
    async lease(
      { _id, version }: RelyingPartySession,
      { now, until }: { now: number; until: number },
    ): Promise<boolean> {
      const leased = await collection.updateOne(
        {
          _id,
          version,
          $or: [{ leasedUntil: { $exists: false } }, { leasedUntil: { $lte: now } }],
        },
        { $set: { leasedUntil: until } },
      )
      return leased !== undefined
    },

    /** Other tokens in place of those it was read with; `undefined` when they were replaced, or it is gone. Atomic. */
    replaceTokens: (
      { _id, version }: RelyingPartySession,
      tokens: Pick<RelyingPartySession, 'sealed' | 'refreshAt'>,
    ): Promise<RelyingPartySession | undefined> =>
      collection.updateOne(
        { _id, version },
        { $set: tokens, $inc: { version: 1 }, $unset: { leasedUntil: true } },
      ),

    /** Gives the right to replace its tokens back, unless they were replaced. */
    async release({ _id, version }: RelyingPartySession): Promise<void> {
      await collection.updateOne({ _id, version }, { $unset: { leasedUntil: true } })
    },

    /** `false` when it was gone. */
    remove: async (relyingParty: string, id: string): Promise<boolean> =>
      (await collection.deleteMany({ _id: id, relyingParty })) > 0,

    /** Removes all that an account has, at whichever of them. */
    async removeOf(organisation: string, account: string): Promise<void> {
      await collection.deleteMany({ organisation, account })
    },
  }
}
