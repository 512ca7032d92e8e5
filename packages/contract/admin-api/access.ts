// Who may do what in the Admin API: the words that roles and scopes are made of.

/** The least first: each may do what those before it may. */
export const roles = ['viewer', 'editor', 'owner'] as const
export type Role = (typeof roles)[number]

export const verbs = ['read', 'create', 'change', 'remove', 'trust'] as const
export type Verb = (typeof verbs)[number]

export const nouns = [
  'organisations',
  'operators',
  'api-keys',
  'clients',
  'registration',
  'customers',
  'accounts',
  'sessions',
  'brand',
  'policies',
  'keys',
  'audit',
  'settings',
] as const
export type Noun = (typeof nouns)[number]
