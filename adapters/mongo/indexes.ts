// Making a collection and its indexes, as its spec names them.

import type { CreateIndexesOptions, Db } from 'mongodb'
import type { CollectionSpec, IndexSpec } from '../../src/stores/documents.ts'
import { SHADOW } from './expiry.ts'

const NAMESPACE_EXISTS = 48

/** Idempotent. The collection is made too: a transaction that had to make it would block others. */
export async function createIndexes(database: Db, spec: CollectionSpec): Promise<void> {
  await database.createCollection(spec.name).catch((error: { code?: number }) => {
    if (error.code !== NAMESPACE_EXISTS) throw error
  })
  const indexes = spec.indexes.map(indexDescription)
  if (spec.expiresAt) indexes.push({ key: { [SHADOW]: 1 }, name: SHADOW, expireAfterSeconds: 0 })
  if (indexes.length > 0) await database.collection(spec.name).createIndexes(indexes)
}

function indexDescription(index: IndexSpec): CreateIndexesOptions & {
  key: { [path: string]: 1 | -1 }
  name: string
} {
  // MongoDB's own `sparse` keeps a document that has any of the keys; ours one that has them all.
  const present = index.keys.map(([path]) => [path, { $exists: true }])
  return {
    key: Object.fromEntries(index.keys),
    name: index.name,
    ...(index.unique && { unique: true }),
    ...(index.sparse && { partialFilterExpression: Object.fromEntries(present) }),
  }
}
