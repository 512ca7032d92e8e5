// Customers: the business's records of people.

import type { CollectionSpec, Documents, IndexSpec } from './documents.ts'
import { startsWith } from './prefix.ts'

export type CustomerAddress = {
  line1: string
  line2?: string
  city: string
  region?: string
  postalCode?: string
  country: string
}

/** What a person may change about themselves. */
export type CustomerDetails = {
  givenName?: string
  familyName?: string
  phone?: string
  birthDate?: string
  address?: CustomerAddress
  locale?: string
  timeZone?: string
}

/** Names as they are searched for; empty where there are none. Missing in records of older programs. */
export type CustomerSearch = {
  /** Given name first. */
  searchName?: string
  /** Family name first. */
  searchFamily?: string
}

export type Customer = CustomerDetails &
  CustomerSearch & {
    /** `cus_…` */
    _id: string
    organisation: string
    /** Normalised address; unique in the organisation. */
    email: string
    /** As written; shown and mailed. */
    displayEmail: string
    /** Counts every change; stands in the ETag. */
    version: number
    createdAt: number
    updatedAt: number
  }

export const customersCollection: CollectionSpec = {
  name: 'customers',
  indexes: [
    {
      name: 'email',
      keys: [
        ['organisation', 1],
        ['email', 1],
      ],
      unique: true,
    },
    list('list', 'email'),
    list('name', 'searchName'),
    list('family', 'searchFamily'),
    list('phone', 'phone'),
  ],
}

/** What lists go by; all but `email` are missing in some. */
export type CustomerKey = 'email' | 'searchName' | 'searchFamily' | 'phone'

function list(name: string, key: CustomerKey): IndexSpec {
  return {
    name,
    keys: [
      ['organisation', 1],
      [key, 1],
      ['_id', 1],
    ],
    ...(key !== 'email' && { sparse: true }),
  }
}

export type CustomerStore = ReturnType<typeof createCustomerStore>

export function createCustomerStore(documents: Documents) {
  const collection = documents.collection<Customer>(customersCollection)
  return {
    /** Throws `AlreadyExists` (`email`) when the address has a record. */
    insert: (customer: Customer): Promise<void> => collection.insert(customer),

    findById: (organisation: string, id: string): Promise<Customer | undefined> =>
      collection.findOne({ _id: id, organisation }),

    findByEmail: (organisation: string, email: string): Promise<Customer | undefined> =>
      collection.findOne({ organisation, email }),

    /** Those in which the key begins so, by it and then by id; `after` is where the page before ended. */
    list: (
      organisation: string,
      {
        key,
        prefix,
        limit,
        after,
      }: { key: CustomerKey; prefix: string; limit: number; after?: readonly [string, string] },
    ): Promise<Customer[]> =>
      collection.find(
        // Most of the indexes are sparse: a query has to name all their keys.
        { organisation, [key]: startsWith(prefix, after?.[0]), _id: { $gt: '' } },
        { sort: [[key, 1]], limit, ...(after && { after }) },
      ),

    /** Of every organisation, the next that a program before names were searched for has written; by id. */
    unsearchable: (limit: number, after = ''): Promise<Customer[]> =>
      collection.find(
        { _id: { $gt: after }, searchName: { $exists: false } },
        { sort: [['_id', 1]], limit },
      ),

    /** Makes it searchable; nothing happens when it was changed since it was read. Atomic. */
    async complete({ _id, organisation, version }: Customer, keys: CustomerSearch): Promise<void> {
      await collection.updateOne({ _id, organisation, version }, { $set: { ...keys } })
    },

    /** With `version` only when it still has that one; `false` when there is none. Atomic. */
    remove: async (organisation: string, id: string, version?: number): Promise<boolean> =>
      (await collection.deleteMany({
        _id: id,
        organisation,
        ...(version !== undefined && { version }),
      })) > 0,

    /**
     * Sets and removes details and counts the version up. With `version` only when the record still has
     * that one. `undefined` when there is no such record in that version. Atomic.
     */
    change: (change: {
      organisation: string
      id: string
      set: CustomerDetails & CustomerSearch
      remove: readonly (keyof CustomerDetails)[]
      at: number
      version?: number
    }): Promise<Customer | undefined> =>
      collection.updateOne(
        {
          _id: change.id,
          organisation: change.organisation,
          ...(change.version !== undefined && { version: change.version }),
        },
        {
          $set: { ...change.set, updatedAt: change.at },
          $inc: { version: 1 },
          ...(change.remove.length > 0 && {
            $unset: Object.fromEntries(change.remove.map((field) => [field, true as const])),
          }),
        },
      ),
  }
}
