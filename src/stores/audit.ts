// The audit log: rows are added, chained once, and never changed; no method removes one.

import type { CollectionSpec, Documents, Filter, Json, Write } from './documents.ts'

/** Fields and their values, as JSON. */
export type AuditFields = { [field: string]: Json | undefined }

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
  /** The id of the request, as it stands in the log. */
  request?: string
  /** What changed, as it was; without secrets. */
  before?: AuditFields
  /** What changed, as it is. */
  after?: AuditFields
  /** Not in the chain yet. */
  unsealed?: true
  /** Its place in the chain of its organisation, from one on. */
  sequence?: number
  /** The hash of the row before it; empty for the first. */
  previous?: string
  hash?: string
}

export type SealedEntry = AuditEntry & { sequence: number; previous: string; hash: string }

/** Where the chain of an organisation ends. */
export type AuditHead = {
  /** The organisation's id. */
  _id: string
  organisation: string
  sequence: number
  hash: string
  /** HMAC of both, so that a new end cannot be written without `SECRET`. */
  seal: string
  /** Names the value of `SECRET`. */
  sealedBy: string
}

/** Which rows. */
export type AuditFilter = {
  action?: string | undefined
  actor?: string | undefined
  target?: string | undefined
  /** Ids from here on. */
  fromId?: string | undefined
  /** Ids before this one. */
  beforeId?: string | undefined
}

/**
 * Before every id. MongoDB takes a sparse index only where the query itself says that all its keys are there,
 * so that every query that is meant for one names the id.
 */
const FIRST = ''

const indexed = ['action', 'actor', 'target'] as const

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
    {
      name: 'unsealed',
      keys: [
        ['unsealed', 1],
        ['_id', 1],
      ],
      sparse: true,
    },
    {
      name: 'chain',
      keys: [
        ['organisation', 1],
        ['sequence', 1],
      ],
      unique: true,
      sparse: true,
    },
    // Sparse by `sequence`: who signs in and waits for the row's insert does not wait for these.
    ...indexed.map((field) => ({
      name: field,
      keys: [
        ['organisation', 1],
        [field, 1],
        ['_id', 1],
        ['sequence', 1],
      ] as const,
      sparse: true,
    })),
  ],
}

export const auditHeadsCollection: CollectionSpec = {
  name: 'audit-heads',
  indexes: [{ name: 'seal', keys: [['sealedBy', 1]] }],
}

export type AuditStore = ReturnType<typeof createAuditStore>

export function createAuditStore(documents: Documents) {
  const collection = documents.collection<AuditEntry>(auditCollection)
  const heads = documents.collection<AuditHead>(auditHeadsCollection)
  return {
    /** Adds a row that the chain does not hold yet. */
    insert: (entry: AuditEntry): Promise<void> => collection.insert({ ...entry, unsealed: true }),

    /** Rows of an organisation by their ids, at most `limit`. */
    async list(
      organisation: string,
      filter: AuditFilter,
      page: { limit: number; newestFirst: boolean },
    ): Promise<AuditEntry[]> {
      const { limit, newestFirst } = page
      const matching = filterOf(organisation, filter)
      const options = { sort: [['_id', newestFirst ? -1 : 1]] as const, limit }
      if (indexed.every((field) => filter[field] === undefined))
        return collection.find(matching, options)
      // The tail first: a row that is sealed between the two reads is found by both, not by neither.
      const tail = await collection.find({ ...matching, unsealed: true }, options)
      const sealed = await collection.find({ ...matching, sequence: { $gt: 0 } }, options)
      const found = [...new Map([...tail, ...sealed].map((entry) => [entry._id, entry])).values()]
      const direction = newestFirst ? -1 : 1
      return found.sort((a, b) => (a._id < b._id ? -direction : direction)).slice(0, limit)
    },

    /** Rows of all organisations that the chains do not hold yet, the oldest first. */
    unsealed: (limit: number, after = FIRST): Promise<AuditEntry[]> =>
      collection.find({ unsealed: true, _id: { $gt: after } }, { sort: [['_id', 1]], limit }),

    /** How many wait for the chain. */
    countUnsealed: (organisation: string): Promise<number> =>
      collection.count({ organisation, unsealed: true, _id: { $gt: FIRST } }),

    /** How many neither are in the chain nor wait for it: up to this id, and after it. */
    async countStrays(
      organisation: string,
      upTo: string,
    ): Promise<{ older: number; newer: number }> {
      const stray = { organisation, sequence: { $exists: false }, unsealed: { $exists: false } }
      const [older, newer] = await Promise.all([
        collection.count({ ...stray, _id: { $lte: upTo } }),
        collection.count({ ...stray, _id: { $gt: upTo } }),
      ])
      return { older, newer }
    },

    /** The chain after a sequence, in its order. */
    chain: (organisation: string, after: number, limit: number): Promise<AuditEntry[]> =>
      collection.find(
        { organisation, sequence: { $gt: after } },
        { sort: [['sequence', 1]], limit },
      ),

    head: (organisation: string): Promise<AuditHead | undefined> =>
      heads.findOne({ _id: organisation }),

    /**
     * Puts rows at the end of the chain and moves its head, all or nothing: `false` when the head is not
     * where `from` says (left out: there is none), or a row or its place is taken. So a chain never forks.
     */
    async append(
      rows: readonly SealedEntry[],
      head: AuditHead,
      from: AuditHead | undefined,
    ): Promise<boolean> {
      const { _id, organisation, ...end } = head
      const moved: Write = from
        ? {
            in: auditHeadsCollection,
            update: { _id, sequence: from.sequence, hash: from.hash },
            by: { $set: end },
          }
        : { in: auditHeadsCollection, insert: head }
      const sealed = rows.map(
        ({ _id: id, sequence, previous, hash }): Write => ({
          in: auditCollection,
          update: { _id: id, organisation, unsealed: true },
          by: { $set: { sequence, previous, hash }, $unset: { unsealed: true } },
        }),
      )
      return (await documents.unitOfWork([moved, ...sealed])).done
    },

    /** Heads that are sealed under one of these values of `SECRET`. */
    headsSealedBy: (names: readonly string[], limit: number): Promise<AuditHead[]> =>
      heads.find({ sealedBy: { $in: names } }, { sort: [['sealedBy', 1]], limit }),

    /** Seals a head anew; nothing happens when it has moved. Atomic. */
    async resealHead(head: AuditHead, by: Pick<AuditHead, 'seal' | 'sealedBy'>): Promise<void> {
      await heads.updateOne({ _id: head._id, seal: head.seal }, { $set: { ...by } })
    },
  }
}

function filterOf(organisation: string, filter: AuditFilter): Filter {
  const { fromId, beforeId, action, actor, target } = filter
  const id = { $gt: FIRST, ...(beforeId !== undefined && { $lt: beforeId }) }
  return {
    organisation,
    ...(action !== undefined && { action }),
    ...(actor !== undefined && { actor }),
    ...(target !== undefined && { target }),
    _id: fromId === undefined ? id : { ...id, $gte: fromId },
  }
}
