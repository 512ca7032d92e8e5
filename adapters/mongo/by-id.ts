// Reading single documents by their ids, those of one turn of the event loop by one command.

import type { Collection, Filter as MongoFilter } from 'mongodb'
import { createTogether } from '../../src/shared/together.ts'
import { translate } from './errors.ts'
import type { Row } from './rows.ts'

/** A filter of one document; what else it asks for holds for all that are read with it. */
export type ById = MongoFilter<Row> & { _id: string }

export function isById(filter: MongoFilter<Row>): filter is ById {
  return typeof filter._id === 'string'
}

/** Reads the document that matches; each caller gets a row of its own. Throws `StoreUnavailable`. */
export function createFindById(rows: Collection<Row>) {
  return createTogether<ById, Row | undefined>({
    keyOf: ({ _id, ...rest }) => JSON.stringify(rest),

    async ask(filters) {
      const [first] = filters
      if (first && filters.length === 1)
        return [(await translate(() => rows.findOne(first))) ?? undefined]
      const ids = filters.map(({ _id }) => _id)
      const all: MongoFilter<Row> = { ...first, _id: { $in: ids } }
      const found = await translate(() => rows.find(all).toArray())
      const byId = new Map(found.map((row) => [row._id, row]))
      const given = new Set<string>()
      return ids.map((id) => {
        if (given.has(id)) return structuredClone(byId.get(id))
        given.add(id)
        return byId.get(id)
      })
    },
  })
}
