// MongoDB's TTL index wants a Date where the port keeps milliseconds: a shadow field stands beside it.

import type { CollectionSpec, Json, Update } from '../../src/stores/documents.ts'

/** Never seen outside this adapter. */
export const SHADOW = '_expiry'

type Fields = { [key: string]: Json | undefined }

/** The document with its shadow field, where the collection expires. */
export function withShadow(spec: CollectionSpec, document: Fields): { [key: string]: unknown } {
  const at = spec.expiresAt ? document[spec.expiresAt] : undefined
  return typeof at === 'number' ? { ...document, [SHADOW]: new Date(at) } : document
}

/** The update with the shadow field moved along. */
export function shadowed(spec: CollectionSpec, update: Update): { [operator: string]: unknown } {
  const field = spec.expiresAt
  if (!field) return update
  const changed: { [operator: string]: unknown } = { ...update }
  if (update.$set) changed.$set = withShadow(spec, update.$set)
  if (update.$setOnInsert) changed.$setOnInsert = withShadow(spec, update.$setOnInsert)
  if (update.$unset && field in update.$unset) changed.$unset = { ...update.$unset, [SHADOW]: true }
  return changed
}
