// Customers: finding or making the record of somebody who signed in, and what they may read and change of it.

import type { Profile, ProfilePatch } from '@foyer/contract'
import type { Clock } from '../../shared/clock.ts'
import { SECOND } from '../../shared/clock.ts'
import { createFreshCache } from '../../shared/fresh-cache.ts'
import { newId } from '../../shared/ids.ts'
import { changeAsRead, requireVersion } from '../../shared/versions.ts'
import type { Account } from '../../stores/accounts.ts'
import type { Customer, CustomerAddress, CustomerStore } from '../../stores/customers.ts'
import { AlreadyExists } from '../../stores/errors.ts'
import type { Organisation } from '../../stores/organisations.ts'
import {
  type AddressPart,
  type Changes,
  changesNames,
  changesOf,
  mergedAddress,
  profileOf,
  searchKeysAfter,
  searchKeysOf,
} from './profile.ts'

/** Whose data: every question names both, so that nothing of another can be an answer. */
export type CustomerRef = { organisation: string; customer: string }

export type ProfileOutcome =
  | { outcome: 'found'; profile: Profile; version: number }
  | { outcome: 'missing' }
  /** Without these the address would be none. */
  | { outcome: 'incomplete-address'; missing: readonly AddressPart[] }

export type Customers = {
  /**
   * The customer record with the account's proven address; made when there is none and the organisation
   * makes them. `undefined` when there is none. Many at once make one.
   */
  findForAccount(organisation: Organisation, account: Account): Promise<string | undefined>
  /** A part of it was changed elsewhere in this process. */
  forget(ref: CustomerRef): void
  profile(ref: CustomerRef): Promise<ProfileOutcome>
  /** `version`: only if the record still has it, else it throws `precondition_failed`. */
  updateProfile(ref: CustomerRef, patch: ProfilePatch, version?: number): Promise<ProfileOutcome>
  /** The record in the words of OpenID Connect Core 5.1; empty when it is gone. Another process’s change is seen within 2 s. */
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

const FRESH = 2 * SECOND
const CACHE_SIZE = 5000

export function createCustomers(parts: { store: CustomerStore; clock: Clock }): Customers {
  const { store, clock } = parts
  const claims = createFreshCache<PersonClaims>({ clock, life: FRESH, size: CACHE_SIZE })

  async function make(organisation: string, account: Account): Promise<string | undefined> {
    const now = clock.now()
    const customer: Customer = {
      _id: newId('cus', clock),
      organisation,
      email: account.email,
      displayEmail: account.displayEmail,
      ...(account.locale && { locale: account.locale }),
      ...searchKeysOf({}),
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

  /** `undefined` when it has another version. */
  async function change(
    { organisation, customer }: CustomerRef,
    { version, ...details }: Changes & { version: number | undefined },
  ): Promise<ProfileOutcome | undefined> {
    const changed = await store.change({
      organisation,
      id: customer,
      ...details,
      at: clock.now(),
      ...(version !== undefined && { version }),
    })
    claims.delete(`${organisation}/${customer}`)
    if (changed) return outcomeOf(changed)
    const isThere = (await store.findById(organisation, customer)) !== undefined
    return isThere ? undefined : { outcome: 'missing' }
  }

  return {
    async findForAccount(organisation, account) {
      const known = await store.findByEmail(organisation._id, account.email)
      if (known) return known._id
      return organisation.makesCustomers ? make(organisation._id, account) : undefined
    },

    forget: ({ organisation, customer }) => claims.delete(`${organisation}/${customer}`),

    async profile({ organisation, customer }) {
      return outcomeOf(await store.findById(organisation, customer))
    },

    async updateProfile(ref, patch, version) {
      const { set, remove } = changesOf(patch)
      // The parts of an address change one by one, and so do names, so what becomes of them depends on what
      // they are; everything else is written as it is.
      const depends = patch.address || changesNames(patch)
      return changeAsRead(version, async () => {
        if (!depends) return change(ref, { set, remove, version })
        const record = await store.findById(ref.organisation, ref.customer)
        if (!record) return { outcome: 'missing' }
        requireVersion(version, record.version)
        const merged = patch.address && mergedAddress(record.address, patch.address)
        if (merged && 'missing' in merged)
          return { outcome: 'incomplete-address', missing: merged.missing }
        const keys = changesNames(patch) && searchKeysAfter(record, { set, remove })
        return change(ref, {
          set: { ...set, ...merged, ...keys },
          remove,
          version: version ?? record.version,
        })
      })
    },

    async claims(organisation, customer) {
      const key = `${organisation}/${customer}`
      const known = claims.get(key)
      if (known) return known
      const record = await store.findById(organisation, customer)
      if (!record) return {}
      claims.set(key, claimsOf(record))
      return claimsOf(record)
    },
  }
}

function outcomeOf(record: Customer | undefined): ProfileOutcome {
  if (!record) return { outcome: 'missing' }
  return { outcome: 'found', profile: profileOf(record), version: record.version }
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
