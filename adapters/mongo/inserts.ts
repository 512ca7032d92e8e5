// Adding documents, those of one turn of the event loop by one command.

import { type Collection, MongoBulkWriteError } from 'mongodb'
import { createTogether } from '../../src/shared/together.ts'
import { type AlreadyExists, StoreUnavailable } from '../../src/stores/errors.ts'
import { alreadyExists, isDuplicateKey, translate } from './errors.ts'
import type { Row } from './rows.ts'

/** Adds the row. Resolves to the unique violation that it would be, if it would; throws `StoreUnavailable`. */
export function createInsert(rows: Collection<Row>) {
  async function insertOne(row: Row): Promise<AlreadyExists | undefined> {
    try {
      // `ignoreUndefined` leaves out what is undefined, as JSON does.
      await translate(() => rows.insertOne(row))
      return undefined
    } catch (error) {
      if (isDuplicateKey(error)) return alreadyExists(rows.collectionName, error)
      throw error
    }
  }

  /** Which of them were refused, by their places. */
  async function insertMany(added: readonly Row[]): Promise<Set<number>> {
    try {
      await translate(() => rows.insertMany(added, { ordered: false }))
      return new Set()
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error
      // Nothing was sent: one of them is nothing that can be, a document of 20 MB for instance.
      if (!(error instanceof MongoBulkWriteError)) return new Set(added.keys())
      const refused = [error.writeErrors].flat().map(({ index }) => index)
      // What is said of no single one holds for all.
      if (refused.length === 0 || error.result.getWriteConcernError()) throw error
      return new Set(refused)
    }
  }

  return createTogether<Row, AlreadyExists | undefined>({
    keyOf: () => '',

    async ask(added) {
      const [first] = added
      if (first && added.length === 1) return [await insertOne(first)]
      const refused = await insertMany(added)
      // Alone they are told why.
      return added.map((row, index) => (refused.has(index) ? insertOne(row) : undefined))
    },
  })
}
