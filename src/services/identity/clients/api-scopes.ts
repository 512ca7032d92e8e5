// The scopes of the Client API: one table.

/** In the order in which permission pages name them. */
export const apiScopes = [
  'profile:read',
  'profile:write',
  'orders:read',
  'bookings:read',
  'bookings:write',
  'tabs:read',
  'tabs:write',
  'invoices:read',
  'payment-methods:write',
  'memberships:read',
  'memberships:write',
  'enquiries:read',
  'enquiries:write',
  'sessions:read',
  'sessions:write',
] as const

export type ApiScope = (typeof apiScopes)[number]

/** Ending sessions stays with the business's own applications. */
const firstPartyOnly: readonly ApiScope[] = ['sessions:write']

/** What an operator may allow a third-party client. */
export const thirdPartyApiScopes = apiScopes.filter((scope) => !firstPartyOnly.includes(scope))

/** The API scopes that a client may be given: first-party clients hold all, others never those of the house alone. */
export function apiScopesOf(client: {
  firstParty: boolean
  apiScopes: readonly string[]
}): readonly string[] {
  if (client.firstParty) return apiScopes
  return thirdPartyApiScopes.filter((scope) => client.apiScopes.includes(scope))
}
