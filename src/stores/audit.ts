// The audit log: rows are added and never changed.

import type { CollectionSpec, Documents } from './documents.ts'

export type AuditEntry = {
  /** `aud_…`: sorts by time. */
  _id: string
  organisation: string
  at: number
  action: string
  /** Who did it: an account, an operator, or `system`. */
  actor: string
  /** What it was done to: a client, an account. */
  target?: string
  /** Source address of the request. */
  source?: string
}

export const auditCollection: CollectionSpec = {
  name: 'audit',
  indexes: [
    {
      name: 'time',
      keys: [
        ['organisation', 1],
        ['_id', 1],
      ],
    },
  ],
}

export type AuditStore = ReturnType<typeof createAuditStore>

export function createAuditStore(documents: Documents) {
  const collection = documents.collection<AuditEntry>(auditCollection)
  return {
    insert: (entry: AuditEntry): Promise<void> => collection.insert(entry),

    /** The newest first. */
    list: (organisation: string, limit: number): Promise<AuditEntry[]> =>
      collection.find({ organisation }, { sort: [['_id', -1]], limit }),
  }
}
