// A customer's profile as a form holds it: what is kept, what of it is sent, and what is wrong with it.

import type { Customer } from '../people/person.ts'

/** Every field is a text, empty where nothing is known; those of the address have the names of its parts. */
export const emptyProfile = {
  given_name: '',
  family_name: '',
  phone: '',
  birth_date: '',
  locale: '',
  time_zone: '',
  'address.line1': '',
  'address.line2': '',
  'address.postal_code': '',
  'address.city': '',
  'address.region': '',
  'address.country': '',
}

export type Profile = typeof emptyProfile
type Name = keyof Profile
type AddressName = Extract<Name, `address.${string}`>

const names = Object.keys(emptyProfile) as readonly Name[] // the keys of the object above
const isOfAddress = (name: Name): name is AddressName => name.startsWith('address.')
const addressNames = names.filter(isOfAddress)
const plainNames = [
  'given_name',
  'family_name',
  'phone',
  'birth_date',
  'locale',
  'time_zone',
] as const

export function profileOf(customer: Customer): Profile {
  const address = new Map(Object.entries(customer.address ?? {}))
  return {
    ...emptyProfile,
    ...Object.fromEntries(plainNames.map((name) => [name, customer[name] ?? ''])),
    ...Object.fromEntries(addressNames.map((name) => [name, address.get(partOf(name)) ?? ''])),
  }
}

/** What differs from what is kept, as a merge patch (RFC 7396): what was emptied is removed. */
export function patchOf(kept: Profile, values: Profile): object {
  const differs = (name: Name): boolean => sent(name, values) !== sent(name, kept)
  const patch = Object.fromEntries(
    plainNames.filter(differs).map((name) => [name, sent(name, values)]),
  )
  const parts = addressNames.filter(differs)
  if (parts.length === 0) return patch
  const address = hasAddress(values)
    ? Object.fromEntries(parts.map((name) => [partOf(name), sent(name, values)]))
    : null
  return { ...patch, address }
}

const partOf = (name: AddressName): string => name.slice('address.'.length)

function sent(name: Name, values: Profile): string | null {
  const text = values[name].trim()
  // People write it as they read it: +44 (20) 7123-4567.
  return (name === 'phone' ? text.replace(/[\s().\-/]/g, '') : text) || null
}

function hasAddress(values: Profile): boolean {
  return addressNames.some((name) => values[name].trim() !== '')
}

const needed =
  (sentence: string) =>
  (text: string, values: Profile): string | undefined =>
    hasAddress(values) && text.trim() === '' ? sentence : undefined

export const profileChecks = {
  phone: (_text: string, values: Profile) => {
    const phone = sent('phone', values)
    return phone === null || /^\+[1-9]\d{6,14}$/.test(phone)
      ? undefined
      : 'Write the number with its country, such as +44 20 7123 4567.'
  },
  locale: (text: string) =>
    /^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$/.test(text.trim())
      ? undefined
      : 'Write a language such as en or en-GB.',
  'address.line1': needed('An address needs its first line.'),
  'address.city': needed('An address needs a city.'),
  'address.country': needed('An address needs a country.'),
}
