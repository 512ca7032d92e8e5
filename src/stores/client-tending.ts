// What the house itself looks after of clients, in all organisations: warnings that secrets end, and what searches find.

import type { Collection, Filter } from './documents.ts'

/** `asRead` finds a client as long as nobody changed it. */
export function createClientTending<Client extends { _id: string; warnAt?: number }>(
  collection: Collection<Client>,
  asRead: (client: Client) => Filter,
) {
  return {
    /** Of all organisations: those whose operators are to be warned by now, the longest due first. */
    toWarn: (now: number, limit: number): Promise<Client[]> =>
      collection.find(
        { warnAt: { $lte: now }, _id: { $gte: '' } },
        { sort: [['warnAt', 1]], limit },
      ),

    /** Of all organisations: those of earlier programs, which cannot be searched for yet. Reads all clients. */
    ofEarlierPrograms: (limit: number): Promise<Client[]> =>
      collection.find({ search: { $exists: false }, removedAt: { $exists: false } }, { limit }),

    /** What the house knows of it, and no operator changed: nothing happens when it was changed meanwhile. Atomic. */
    async tend(
      client: Client,
      { search, warnAt }: { search: string; warnAt: number | undefined },
    ): Promise<boolean> {
      const done = await collection.updateOne(
        { ...asRead(client), warnAt: client.warnAt ?? { $exists: false } },
        {
          $set: { search, ...(warnAt !== undefined && { warnAt }) },
          ...(warnAt === undefined && { $unset: { warnAt: true } }),
        },
      )
      return done !== undefined
    },
  }
}
