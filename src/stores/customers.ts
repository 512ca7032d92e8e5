// Customers: the business's records of people.

import type { CollectionSpec, Documents } from './documents.ts'

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

export type Customer = CustomerDetails & {
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
  ],
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

    /**
     * Sets and removes details and counts the version up. With `version` only when the record still has
     * that one. `undefined` when there is no such record in that version. Atomic.
     */
    change: (change: {
      organisation: string
      id: string
      set: CustomerDetails
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
