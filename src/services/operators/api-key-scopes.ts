// What an API key may do within its role: reading or writing, by noun.

import { adminApi } from '@foyer/contract'
import { nouns, verbs, whoMay } from './roles.ts'

/** All there are, such as `clients:read`: of nouns that nobody writes there is none to write. */
export const apiKeyScopes: readonly string[] = nouns.flatMap((noun) => {
  const known = verbs.filter((verb) => whoMay(verb, noun))
  const scopes = known.flatMap((verb) => adminApi.scopeOf({ needs: [verb, noun] }) ?? [])
  return [...new Set(scopes)]
})
