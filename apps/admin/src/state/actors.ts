// Who did something, as people call them.

import type { adminApi } from '@foyer/contract'
import { useOrganisation } from './operator.ts'
import { useRead } from './queries.ts'

type Operators = adminApi.DataOf<typeof adminApi.operators.listOperators>

/** Those who are no operator and no key. */
export const others: { readonly [actor: string]: string } = {
  'command-line': 'The command line',
  system: 'Foyer itself',
}

/** From an actor as the API names it to words: the address of an operator, else what is known. */
export function useActorName(): (actor: string) => string {
  const place = useOrganisation()
  const { data } = useRead<Operators>(place.api('/operators'), { limit: 100 })
  return (actor) => {
    if (actor.startsWith('key_')) return `API key ${actor}`
    return data?.items.find(({ id }) => id === actor)?.email ?? others[actor] ?? actor
  }
}
