// What operators may do: one table of nouns and verbs, with the least role that is needed.

import { adminApi } from '@foyer/contract'
import { type OperatorRole, operatorRoles, PLATFORM } from '../../stores/operator-roles.ts'

/** Whoever is a platform owner holds `owner` in every organisation, and what is beyond. */
export type Role = OperatorRole | 'platform-owner'

/** The least first: each may do what those before it may. */
export const roles: readonly Role[] = [...operatorRoles, 'platform-owner']

/**
 * A verb that does not stand beside a noun is nobody's. `remove` of a session ends it, of an account or a
 * customer erases the person; `create` of a key rotates, `remove` withdraws; `trust` makes a client
 * first-party, or lets it do without PKCE.
 */
const least = {
  organisations: {
    read: 'viewer',
    create: 'platform-owner',
    change: 'owner',
    remove: 'platform-owner',
  },
  operators: { read: 'viewer', create: 'owner', change: 'owner', remove: 'owner' },
  'api-keys': { read: 'owner', create: 'owner', remove: 'owner' },
  clients: {
    read: 'viewer',
    create: 'editor',
    change: 'editor',
    remove: 'editor',
    trust: 'platform-owner',
  },
  registration: { read: 'viewer', create: 'owner', change: 'owner', remove: 'owner' },
  customers: { read: 'viewer', create: 'editor', change: 'editor', remove: 'owner' },
  accounts: { read: 'viewer', change: 'editor', remove: 'owner' },
  sessions: { read: 'viewer', remove: 'editor' },
  brand: { read: 'viewer', change: 'editor' },
  policies: { read: 'viewer', change: 'editor' },
  keys: { read: 'viewer', create: 'owner', remove: 'owner' },
  audit: { read: 'owner' },
  settings: { read: 'viewer', change: 'owner' },
} as const satisfies { [noun in Noun]: { [verb in Verb]?: Role } }

export const { nouns, verbs } = adminApi
export type Noun = adminApi.Noun
export type Verb = adminApi.Verb

/** The least role that may do it; `undefined` where nobody may. */
export function whoMay(verb: Verb, noun: Noun): Role | undefined {
  return new Map(Object.entries<Role>(least[noun])).get(verb)
}

/** Whether somebody with this role, or with none, may do it. */
export function may(role: Role | undefined, verb: Verb, noun: Noun): boolean {
  const needed = whoMay(verb, noun)
  return role !== undefined && needed !== undefined && isAtLeast(role, needed)
}

/** Whether one role may do all that the other may. */
export function isAtLeast(role: Role, other: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(other)
}

/** What a role means in its place: owning the platform is more than owning an organisation. */
export function roleAt(held: { organisation: string; role: OperatorRole }): Role {
  return held.organisation === PLATFORM ? 'platform-owner' : held.role
}
