// What an API key may do, noun by noun: reading it, and writing it, each with the least role that may.

import type { adminApi } from '@foyer/contract'

type Role = adminApi.Role

/** The least first: each may do what those before it may. */
const roles: readonly string[] = ['viewer', 'editor', 'owner']

type Words = {
  title: string
  read: Role
  /** Left out where nobody writes. */
  write?: Role
}

/** In the order of the rail. */
const nouns: { readonly [Noun in adminApi.Noun]: Words } = {
  organisations: { title: 'Organisation', read: 'viewer', write: 'owner' },
  clients: { title: 'Clients', read: 'viewer', write: 'editor' },
  registration: { title: 'Registration of clients', read: 'viewer', write: 'owner' },
  customers: { title: 'Customers', read: 'viewer', write: 'editor' },
  accounts: { title: 'Accounts', read: 'viewer', write: 'editor' },
  sessions: { title: 'Sessions', read: 'viewer', write: 'editor' },
  brand: { title: 'Branding', read: 'viewer', write: 'editor' },
  policies: { title: 'Policies', read: 'viewer', write: 'editor' },
  settings: { title: 'Settings', read: 'viewer', write: 'owner' },
  operators: { title: 'Operators', read: 'viewer', write: 'owner' },
  'api-keys': { title: 'API keys', read: 'owner', write: 'owner' },
  keys: { title: 'Signing keys', read: 'viewer', write: 'owner' },
  audit: { title: 'Audit log', read: 'owner' },
}

export type ScopeRow = { title: string; read: Scope; write?: Scope }
type Scope = { scope: string; least: Role }

export const scopeRows: readonly ScopeRow[] = Object.entries(nouns).map(
  ([noun, { title, read, write }]) => ({
    title,
    read: { scope: `${noun}:read`, least: read },
    ...(write && { write: { scope: `${noun}:write`, least: write } }),
  }),
)

const leastOf = new Map(
  scopeRows
    .flatMap(({ read, write }) => [read, ...(write ? [write] : [])])
    .map(({ scope, least }) => [scope, least] as const),
)

/** Whether a key of this role can make use of the scope. */
export function isUseful(scope: string, role: string): boolean {
  const least = leastOf.get(scope)
  return least !== undefined && roles.indexOf(role) >= roles.indexOf(least)
}

/** Of the scopes of a key, in words: "Clients: read and write". */
export function scopeWords(scopes: readonly string[]): string[] {
  return scopeRows.flatMap(({ title, read, write }) => {
    const held = [
      ...(scopes.includes(read.scope) ? ['read'] : []),
      ...(write && scopes.includes(write.scope) ? ['write'] : []),
    ]
    return held.length === 0 ? [] : [`${title}: ${held.join(' and ')}`]
  })
}
