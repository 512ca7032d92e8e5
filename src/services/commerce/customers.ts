// Customers: finding or making the record of somebody who signed in, and what they may read and change of it.

import type { Profile, ProfilePatch } from '@foyer/contract'
import type { Clock } from '../../shared/clock.ts'
import { SECOND } from '../../shared/clock.ts'
import { newId } from '../../shared/ids.ts'
import type { Account } from '../../stores/accounts.ts'
import type {
  Customer,
  CustomerAddress,
  CustomerDetails,
  CustomerStore,
} from '../../stores/customers.ts'
import { AlreadyExists } from '../../stores/errors.ts'
import type { Organisation } from '../../stores/organisations.ts'

/** Whose data: every question names both, so that nothing of another can be an answer. */
export type CustomerRef = { organisation: string; customer: string }

export type ProfileOutcome =
  | { outcome: 'found'; profile: Profile; version: number }
  | { outcome: 'missing' }
  /** Changed since the caller read it. */
  | { outcome: 'changed-meanwhile' }

export type Customers = {
  /**
   * The customer record with the account's proven address; made when there is none and the organisation
   * makes them. `undefined` when there is none. Many at once make one.
   */
  findForAccount(organisation: Organisation, account: Account): Promise<string | undefined>
  profile(ref: CustomerRef): Promise<ProfileOutcome>
  /** `version`: only if the record still has it. */
  updateProfile(ref: CustomerRef, patch: ProfilePatch, version?: number): Promise<ProfileOutcome>
  /** The record in the words of OpenID Connect Core 5.1; empty when it is gone. */
  claims(organisation: string, customer: string): Promise<PersonClaims>
}

export type PersonClaims = {
  name?: string
  given_name?: string
  family_name?: string
  birthdate?: string
  locale?: string
  zoneinfo?: string
  /** Seconds since 1970. */
  updated_at?: number
  phone_number?: string
  address?: { [part: string]: string }
}

export function createCustomers(parts: { store: CustomerStore; clock: Clock }): Customers {
  const { store, clock } = parts

  async function make(organisation: string, account: Account): Promise<string | undefined> {
    const now = clock.now()
    const customer: Customer = {
      _id: newId('cus', clock),
      organisation,
      email: account.email,
      displayEmail: account.displayEmail,
      ...(account.locale && { locale: account.locale }),
      version: 1,
      createdAt: now,
      updatedAt: now,
    }
    try {
      await store.insert(customer)
      return customer._id
    } catch (error) {
      if (!(error instanceof AlreadyExists)) throw error
      return (await store.findByEmail(organisation, account.email))?._id
    }
  }

  return {
    async findForAccount(organisation, account) {
      const known = await store.findByEmail(organisation._id, account.email)
      if (known) return known._id
      return organisation.makesCustomers ? make(organisation._id, account) : undefined
    },

    async profile({ organisation, customer }) {
      return outcomeOf(await store.findById(organisation, customer))
    },

    async updateProfile({ organisation, customer }, patch, version) {
      const { set, remove } = changesOf(patch)
      const changed = await store.change({
        organisation,
        id: customer,
        set,
        remove,
        at: clock.now(),
        ...(version !== undefined && { version }),
      })
      if (changed) return outcomeOf(changed)
      const isThere = (await store.findById(organisation, customer)) !== undefined
      return { outcome: isThere ? 'changed-meanwhile' : 'missing' }
    },

    async claims(organisation, customer) {
      const record = await store.findById(organisation, customer)
      return record ? claimsOf(record) : {}
    },
  }
}

/** The contract's names, and ours. */
const fieldNames = {
  given_name: 'givenName',
  family_name: 'familyName',
  phone: 'phone',
  birth_date: 'birthDate',
  locale: 'locale',
  time_zone: 'timeZone',
} as const satisfies { [name: string]: keyof CustomerDetails }

function changesOf(patch: ProfilePatch): {
  set: CustomerDetails
  remove: (keyof CustomerDetails)[]
} {
  const set: CustomerDetails = {}
  const remove: (keyof CustomerDetails)[] = []
  for (const [name, field] of Object.entries(fieldNames)) {
    const value = patch[name as keyof typeof fieldNames] // the table's own keys
    if (value === null) remove.push(field)
    else if (value !== undefined) set[field] = value
  }
  if (patch.address === null) remove.push('address')
  else if (patch.address) set.address = storedAddress(patch.address)
  return { set, remove }
}

function storedAddress(address: NonNullable<ProfilePatch['address']>): CustomerAddress {
  const { postal_code, line2, region, ...rest } = address
  return {
    ...rest,
    ...(line2 && { line2 }),
    ...(region && { region }),
    ...(postal_code && { postalCode: postal_code }),
  }
}

function outcomeOf(record: Customer | undefined): ProfileOutcome {
  if (!record) return { outcome: 'missing' }
  return { outcome: 'found', profile: profileOf(record), version: record.version }
}

function profileOf(record: Customer): Profile {
  return {
    id: record._id,
    email: record.displayEmail,
    given_name: record.givenName ?? null,
    family_name: record.familyName ?? null,
    phone: record.phone ?? null,
    birth_date: record.birthDate ?? null,
    address: record.address ? shownAddress(record.address) : null,
    locale: record.locale ?? null,
    time_zone: record.timeZone ?? null,
    created_at: new Date(record.createdAt).toISOString(),
    updated_at: new Date(record.updatedAt).toISOString(),
  }
}

function shownAddress({ postalCode, ...rest }: CustomerAddress): NonNullable<Profile['address']> {
  return { ...rest, ...(postalCode && { postal_code: postalCode }) }
}

function claimsOf(record: Customer): PersonClaims {
  const { givenName, familyName, address } = record
  const name = [givenName, familyName].filter(Boolean).join(' ')
  return {
    ...(name && { name }),
    ...(givenName && { given_name: givenName }),
    ...(familyName && { family_name: familyName }),
    ...(record.birthDate && { birthdate: record.birthDate }),
    ...(record.locale && { locale: record.locale }),
    ...(record.timeZone && { zoneinfo: record.timeZone }),
    ...(record.phone && { phone_number: record.phone }),
    ...(address && { address: addressClaim(address) }),
    updated_at: Math.floor(record.updatedAt / SECOND),
  }
}

/** OpenID Connect Core 5.1.1. */
function addressClaim(address: CustomerAddress): { [part: string]: string } {
  const { line1, line2, city, region, postalCode, country } = address
  return {
    street_address: [line1, line2].filter(Boolean).join('\n'),
    locality: city,
    ...(region && { region }),
    ...(postalCode && { postal_code: postalCode }),
    country,
  }
}
