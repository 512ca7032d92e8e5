// Who is signed in, in which organisation they are, and what their role there lets them see.

import type { adminApi } from '@foyer/contract'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'

/** The least first: each may do what those before it may. */
const roles = ['viewer', 'editor', 'owner', 'platform-owner'] as const
export type Role = (typeof roles)[number]

export type Membership = { slug: string; name: string; role: Role }

export type Operator = {
  email: string
  isPlatformOwner: boolean
  organisations: readonly Membership[]
}

/** What `/me` answers. */
export type Me = adminApi.DataOf<typeof adminApi.me.showMe>

export function operatorOf(me: Me, email: string): Operator {
  const isPlatformOwner = me.platform_owner
  const organisations = me.organisations.map((each) => ({
    ...each,
    role: isPlatformOwner ? ('platform-owner' as const) : each.role,
  }))
  return { email: me.email ?? email, isPlatformOwner, organisations }
}

export type Place = Membership & {
  /** The address of a page of this organisation in the console; `path` begins with a slash or is empty. */
  href(path: string): string
  /** The address of something of this organisation in the API. */
  api(path: string): string
  /** Whether the operator has this role here, or a greater one. */
  may(least: Role): boolean
}

export function placeOf(membership: Membership): Place {
  const held = roles.indexOf(membership.role)
  return {
    ...membership,
    href: (path) => `${homeOf(membership.slug)}${path}`,
    api: (path) => `/organisations/${membership.slug}${path}`,
    may: (least) => held >= roles.indexOf(least),
  }
}

export function homeOf(slug: string): string {
  return `/admin/o/${slug}`
}

const operatorContext = createContext<Operator | undefined>(undefined)
const placeContext = createContext<Place | undefined>(undefined)

export const OperatorProvider = operatorContext.Provider
export const PlaceProvider = placeContext.Provider

export function useOperator(): Operator {
  const operator = useContext(operatorContext)
  if (!operator) throw new Error('Nobody is signed in.')
  return operator
}

/** The organisation that the page is about. */
export function useOrganisation(): Place {
  const place = useContext(placeContext)
  if (!place) throw new Error('Outside of an organisation.')
  return place
}

/** The same, where a page may also stand outside of all organisations. */
export function useOrganisationIfAny(): Place | undefined {
  return useContext(placeContext)
}
