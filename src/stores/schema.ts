// The number of the stored data's shape: a newer program upgrades it, an older one refuses to start.

import { AppError } from '../shared/errors.ts'
import type { CollectionSpec, Documents } from './documents.ts'

/** Count up with every change of what is stored that older programs would misread, and add the upgrade. */
export const SCHEMA_VERSION = 1

type Schema = { _id: 'schema'; version: number }

export const schemaCollection: CollectionSpec = { name: 'schema', indexes: [] }

/**
 * Writes the number into an empty store; throws when the data was written by a newer program.
 * Returns the version found, the current one in an empty store.
 */
export async function checkSchema(documents: Documents): Promise<number> {
  const collection = documents.collection<Schema>(schemaCollection)
  // Made when missing, untouched otherwise: of several processes at once one writes it.
  const schema = await collection.updateOne(
    { _id: 'schema' },
    { $setOnInsert: { version: SCHEMA_VERSION } },
    { upsert: true },
  )
  const version = schema?.version ?? SCHEMA_VERSION
  if (version > SCHEMA_VERSION)
    throw new AppError('internal_error', {
      detail: `The stored data has schema ${version}; this program knows ${SCHEMA_VERSION}. Start the newer program.`,
    })
  return version
}

/** The number as it is stored; `undefined` in an empty store. Nothing is written. */
export async function readSchema(documents: Documents): Promise<number | undefined> {
  const schema = await documents.collection<Schema>(schemaCollection).findOne({ _id: 'schema' })
  return schema?.version
}
