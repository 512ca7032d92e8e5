// What orders, bookings and enquiries have in common: each belongs to one customer and stands at a time.

import { lastFirst, type TimePage } from './by-time.ts'
import type { CollectionSpec, Document, Documents } from './documents.ts'

export type ListRequest = TimePage & {
  organisation: string
  customer: string
  /** From this instant on, in milliseconds since 1970. */
  from?: number
  /** Before this instant. */
  to?: number
  status?: string
}

export type CustomerList<Item extends Document> = {
  insert(item: Item): Promise<void>
  /** The customer's own, the newest first. */
  list(request: ListRequest): Promise<Item[]>
  /** Removes all that the customer has. */
  removeOf(organisation: string, customer: string): Promise<number>
}

/** `time` is the field that the list is sorted by. */
export function createCustomerList<Item extends Document>(
  documents: Documents,
  spec: CollectionSpec,
  time: string,
): CustomerList<Item> {
  const collection = documents.collection<Item>(spec)
  return {
    insert: (item) => collection.insert(item),
    removeOf: (organisation, customer) => collection.deleteMany({ organisation, customer }),
    list({ organisation, customer, from, to, status, ...page }) {
      const period = {
        ...(from !== undefined && { $gte: from }),
        ...(to !== undefined && { $lt: to }),
      }
      return collection.find(
        {
          organisation,
          customer,
          ...(Object.keys(period).length > 0 && { [time]: period }),
          ...(status !== undefined && { status }),
        },
        lastFirst(time, page),
      )
    },
  }
}
