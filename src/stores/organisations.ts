// Organisations: the businesses. Each owns its issuer, keys, brand, clients and customers.

import type { CollectionSpec, Documents } from './documents.ts'

export type Organisation = {
  /** `org_…` */
  _id: string
  /** In paths (`/o/{slug}`); lower case, unique, never reused. */
  slug: string
  /** As customers read it. */
  name: string
  /** Exactly one organisation is the default: its issuer is `BASE_URL` itself. */
  isDefault: boolean
  /** BCP 47; the language of pages and mails when neither the request nor the browser asks for another. */
  locale: string
  /** IANA time zone. */
  timeZone: string
  /** ISO 4217. */
  currency: string
  /** Whether a first sign-in makes a customer record when none has the address. */
  makesCustomers: boolean
  /** Overrides of `SignInSettings`; each value lies in that setting's safe range. */
  signIn?: { [setting: string]: number }
  createdAt: number
}

export const organisationsCollection: CollectionSpec = {
  name: 'organisations',
  indexes: [{ name: 'slug', keys: [['slug', 1]], unique: true }],
}

export type OrganisationStore = ReturnType<typeof createOrganisationStore>

export function createOrganisationStore(documents: Documents) {
  const collection = documents.collection<Organisation>(organisationsCollection)
  return {
    /** Throws `AlreadyExists` (`slug`) when the slug is taken. */
    insert: (organisation: Organisation): Promise<void> => collection.insert(organisation),
    findById: (id: string): Promise<Organisation | undefined> => collection.findOne({ _id: id }),
    findBySlug: (slug: string): Promise<Organisation | undefined> => collection.findOne({ slug }),
    /** The organisation whose issuer is `BASE_URL`; `undefined` only in an empty store. */
    findDefault: (): Promise<Organisation | undefined> => collection.findOne({ isDefault: true }),
  }
}
