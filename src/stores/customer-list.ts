// What orders, bookings and enquiries have in common: each belongs to one customer and stands at a time.

import type { CollectionSpec, Document, Documents } from './documents.ts'

/** A place in a list: after the record with this time and id. */
export type ListPlace = { at: number; id: string }

export type ListRequest = {
  organisation: string
  customer: string
  limit: number
  after?: ListPlace
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
    list({ organisation, customer, limit, after, from, to, status }) {
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
        {
          sort: [
            [time, -1],
            ['_id', -1],
          ],
          limit,
          ...(after && { after: [after.at, after.id] }),
        },
      )
    },
  }
}
