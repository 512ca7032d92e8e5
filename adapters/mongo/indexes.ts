// Making a collection and its indexes, as its spec names them.

import type { Collection, CreateIndexesOptions, Db } from 'mongodb'
import type { CollectionSpec, IndexSpec } from '../../src/stores/documents.ts'
import { SHADOW } from './expiry.ts'

/** The server's codes. */
const INDEX_NOT_FOUND = 27
const NAMESPACE_EXISTS = 48
const OPTIONS_CONFLICT = 85
const KEYS_CONFLICT = 86

/** Idempotent. The collection is made too: a transaction that had to make it would block others. */
export async function createIndexes(database: Db, spec: CollectionSpec): Promise<void> {
  await database.createCollection(spec.name).catch(onlyIf(NAMESPACE_EXISTS))
  const indexes = spec.indexes.map(indexDescription)
  if (spec.expiresAt) indexes.push({ key: { [SHADOW]: 1 }, name: SHADOW, expireAfterSeconds: 0 })
  if (indexes.length === 0) return
  const rows = database.collection(spec.name)
  await rows.createIndexes(indexes).catch(async (error) => {
    conflict(error)
    for (const index of indexes) await createAnew(rows, index)
  })
}

/** The index, also where one of its name was declared otherwise. */
async function createAnew(rows: Collection, index: Described): Promise<void> {
  await rows.createIndexes([index]).catch(async (error) => {
    conflict(error)
    // Another process that starts at the same time may have dropped it first.
    await rows.dropIndex(index.name).catch(onlyIf(INDEX_NOT_FOUND))
    await rows.createIndexes([index])
  })
}

const conflict = onlyIf(OPTIONS_CONFLICT, KEYS_CONFLICT)

function onlyIf(...codes: number[]) {
  return (error: { code?: number }): void => {
    if (!codes.includes(error.code ?? 0)) throw error
  }
}

type Described = CreateIndexesOptions & { key: { [path: string]: 1 | -1 }; name: string }

function indexDescription(index: IndexSpec): Described {
  // MongoDB's own `sparse` keeps a document that has any of the keys; ours one that has them all.
  const present = index.keys.map(([path]) => [path, { $exists: true }])
  return {
    key: Object.fromEntries(index.keys),
    name: index.name,
    ...(index.unique && { unique: true }),
    ...(index.sparse && { partialFilterExpression: Object.fromEntries(present) }),
  }
}
