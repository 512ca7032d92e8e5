// Filters, sorts and rows, between the port's types and the driver's.

import type { Filter as MongoFilter, Sort } from 'mongodb'
import { checkFilter } from '../../src/stores/document-language.ts'
import type { Document, Filter, FindOptions } from '../../src/stores/documents.ts'
import { SHADOW } from './expiry.ts'

/** A row as MongoDB holds it. */
export type Row = { _id: string; [field: string]: unknown }

/** The filter for the driver, once it was found to lie in the subset. */
export function checkedFilter(filter: Filter): MongoFilter<Row> {
  checkFilter(filter)
  return filter as MongoFilter<Row> // the subset's filters are MongoDB's own
}

export function mongoSort(sort: FindOptions['sort'] = []): Sort {
  return sort.map(([path, direction]) => [path, direction] as [string, 1 | -1]) // only the readonly is lost
}

export function fromRow<D extends Document>(row: Row): D {
  if (SHADOW in row) delete row[SHADOW]
  return row as unknown as D // what is in the collection was put there through this type
}
