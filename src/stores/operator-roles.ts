// What an operator may be, and the place whose owners own every organisation.

/** In an organisation, the least first. */
export const operatorRoles = ['viewer', 'editor', 'owner'] as const
export type OperatorRole = (typeof operatorRoles)[number]

/** Stands where an organisation's id stands. There is one role in it: `owner`. */
export const PLATFORM = 'platform'
