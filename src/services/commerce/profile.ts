// A customer's record in the contract's words: shown, and changed by a merge patch (RFC 7396).

import type { Profile, ProfilePatch } from '@foyer/contract'
import { instantOf } from '../../shared/instants.ts'
import { searchable } from '../../shared/search-text.ts'
import type {
  Customer,
  CustomerAddress,
  CustomerDetails,
  CustomerSearch,
} from '../../stores/customers.ts'

/** What a patch does to the record. */
export type Changes = { set: CustomerDetails & CustomerSearch; remove: (keyof CustomerDetails)[] }

type AddressPatch = NonNullable<ProfilePatch['address']>
export type AddressPart = keyof AddressPatch

/** The contract's names, and ours. */
const fieldNames = {
  given_name: 'givenName',
  family_name: 'familyName',
  phone: 'phone',
  birth_date: 'birthDate',
  locale: 'locale',
  time_zone: 'timeZone',
} as const satisfies { [name: string]: keyof CustomerDetails }

/** All changes but those to parts of the address, which `mergedAddress` makes. */
export function changesOf(patch: ProfilePatch): Changes {
  const set: CustomerDetails = {}
  const remove: (keyof CustomerDetails)[] = []
  for (const [name, field] of Object.entries(fieldNames)) {
    const value = patch[name as keyof typeof fieldNames] // the table's own keys
    if (value === null) remove.push(field)
    else if (value !== undefined) set[field] = value
  }
  if (patch.address === null) remove.push('address')
  return { set, remove }
}

type Names = Pick<CustomerDetails, 'givenName' | 'familyName'>

/** Whether the patch changes what the record is found by, which depends on all its names. */
export function changesNames(patch: ProfilePatch): boolean {
  return patch.given_name !== undefined || patch.family_name !== undefined
}

/** What a record with these names is found by. */
export function searchKeysOf({ givenName = '', familyName = '' }: Names): Required<CustomerSearch> {
  return {
    searchName: searchable(`${givenName} ${familyName}`),
    searchFamily: searchable(`${familyName} ${givenName}`),
  }
}

/** The same, of a record after the changes. */
export function searchKeysAfter(record: Names, { set, remove }: Changes): Required<CustomerSearch> {
  const kept = Object.entries(record).filter(([field]) => !remove.some((each) => each === field))
  return searchKeysOf({ ...Object.fromEntries(kept), ...set })
}

const neededParts = ['line1', 'city', 'country'] as const satisfies AddressPart[]

/** The address with its parts changed, or what it would lack. */
export function mergedAddress(
  before: CustomerAddress | undefined,
  { postal_code, ...patch }: AddressPatch,
): { address: CustomerAddress } | { missing: AddressPart[] } {
  const parts = {
    ...before,
    ...patch,
    ...(postal_code !== undefined && { postalCode: postal_code }),
  }
  const missing = neededParts.filter((part) => typeof parts[part] !== 'string')
  if (missing.length > 0) return { missing }
  const kept = Object.entries(parts).filter(([, value]) => value !== null)
  return { address: Object.fromEntries(kept) as CustomerAddress } // has what is needed, and no null
}

export function profileOf(record: Customer): Profile {
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
    created_at: instantOf(record.createdAt),
    updated_at: instantOf(record.updatedAt),
  }
}

function shownAddress({ postalCode, ...rest }: CustomerAddress): NonNullable<Profile['address']> {
  return { ...rest, ...(postalCode && { postal_code: postalCode }) }
}
