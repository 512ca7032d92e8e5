// Denials: sessions, grants and accounts whose access tokens are good no more, for as long as one could live.

import type { CollectionSpec, Documents } from './documents.ts'

export type DenialKind = 'session' | 'grant' | 'account'

export type Denial = {
  /** `{kind}/{id}` */
  _id: string
  organisation: string
  /** When it was made; a little later than it can be read by others. */
  at: number
  /** When the last token that it is about has expired. */
  expiresAt: number
  /** It was taken back: who remembers it forgets it. */
  lifted?: true
}

export const denialsCollection: CollectionSpec = {
  name: 'denials',
  indexes: [
    { name: 'at', keys: [['at', 1]] },
    { name: 'organisation', keys: [['organisation', 1]] },
  ],
  expiresAt: 'expiresAt',
}

export type DenialStore = ReturnType<typeof createDenialStore>

/** The longest answer of one read. */
const PAGE = 1000

export function createDenialStore(documents: Documents) {
  const collection = documents.collection<Denial>(denialsCollection)
  return {
    /** Keeps the denial; made again it only lasts longer. Atomic. */
    async put({ _id, organisation, at, expiresAt }: Denial): Promise<void> {
      await collection.updateOne(
        { _id, organisation },
        { $set: { at, expiresAt }, $unset: { lifted: true } },
        { upsert: true },
      )
    },

    /** Takes a denial back; it stays to be read until `expiresAt`. Nothing happens when there is none. */
    async lift({ _id, organisation, at, expiresAt }: Denial): Promise<void> {
      await collection.updateOne({ _id, organisation }, { $set: { at, expiresAt, lifted: true } })
    },

    /** Every denial made since an instant, the oldest first. */
    async since(at: number): Promise<Denial[]> {
      const found: Denial[] = []
      for (;;) {
        const last = found.at(-1)
        const page = await collection.find(
          { at: { $gte: at } },
          { sort: [['at', 1]], limit: PAGE, ...(last && { after: [last.at, last._id] }) },
        )
        found.push(...page)
        if (page.length < PAGE) return found
      }
    },
  }
}
