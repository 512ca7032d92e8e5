// Organisations on their way out: removed, restored, and emptied but for their slug.

import type { Documents } from './documents.ts'
import {
  inVersion,
  live,
  type Organisation,
  organisationsCollection,
  versionOf,
} from './organisations.ts'

export type OrganisationRemovalStore = ReturnType<typeof createOrganisationRemovalStore>

/** Steps that each happen once, however many take them at the same instant. */
export function createOrganisationRemovalStore(documents: Documents) {
  const collection = documents.collection<Organisation>(organisationsCollection)
  const removedAsRead = ({ _id, removedAt = 0 }: Organisation) => ({ _id, removedAt })
  return {
    /** Of this slug, removed. */
    findRemoved: (slug: string): Promise<Organisation | undefined> =>
      collection.findOne({ slug, removedAt: { $exists: true } }),

    /** Those that can be restored, in the order of their slugs, after the slug given. */
    listRemoved: (limit: number, after = ''): Promise<Organisation[]> =>
      collection.find(
        { slug: { $gt: after }, removedAt: { $exists: true }, purgedAt: { $exists: false } },
        { sort: [['slug', 1]], limit },
      ),

    /** `undefined` when it changed since it was read, is removed, or is the default one. Atomic. */
    remove: (
      read: Organisation,
      { at, dueAt }: { at: number; dueAt: number },
    ): Promise<Organisation | undefined> =>
      collection.updateOne(
        { _id: read._id, isDefault: false, ...inVersion(versionOf(read)), ...live },
        { $set: { removedAt: at, dueAt, updatedAt: at }, $inc: { version: 1 } },
      ),

    /** Whose next step is due, at most `limit`. */
    due: (now: number, limit: number): Promise<Organisation[]> =>
      collection.find({ dueAt: { $lte: now } }, { sort: [['dueAt', 1]], limit }),

    /** Its sessions, tokens and keys are gone. */
    noteEnded: (
      read: Organisation,
      { at, dueAt }: { at: number; dueAt: number },
    ): Promise<Organisation | undefined> =>
      collection.updateOne(removedAsRead(read), { $set: { endedAt: at, dueAt } }),

    /** `undefined` when it is not removed, has not ended yet, or is being purged. Atomic. */
    restore: (read: Organisation, at: number): Promise<Organisation | undefined> =>
      collection.updateOne(
        { ...removedAsRead(read), endedAt: { $exists: true }, purgedAt: { $exists: false } },
        {
          $set: { updatedAt: at, restoredAt: at },
          $unset: { removedAt: true, endedAt: true, dueAt: true },
          $inc: { version: 1 },
        },
      ),

    /** From here on it cannot be restored; `undefined` when it was restored meanwhile. Atomic. */
    beginPurge: (read: Organisation, at: number): Promise<Organisation | undefined> =>
      collection.updateOne(removedAsRead(read), { $set: { purgedAt: read.purgedAt ?? at } }),

    /** What is left of it keeps its slug from ever being another's. */
    async finishPurge(read: Organisation): Promise<void> {
      const gone = Object.keys(read).filter((field) => !tombstone.has(field))
      await collection.updateOne(removedAsRead(read), {
        $set: { name: '' },
        $unset: Object.fromEntries(gone.map((field) => [field, true as const])),
      })
    },
  }
}

const tombstone: ReadonlySet<string> = new Set([
  ...['_id', 'slug', 'name', 'isDefault', 'locale', 'timeZone', 'currency', 'makesCustomers'],
  ...['createdAt', 'updatedAt', 'version', 'removedAt', 'endedAt', 'purgedAt'],
])
