// Who did something, as people call them.

import type { adminApi } from '@foyer/contract'
import { useOrganisation } from './operator.ts'
import { useRead } from './queries.ts'

type Operators = adminApi.DataOf<typeof adminApi.operators.listOperators>

/** From an actor as the API names it to words: the address of an operator, else what is known. */
export function useActorName(): (actor: string) => string {
  const place = useOrganisation()
  const { data } = useRead<Operators>(place.api('/operators'), { limit: 100 })
  return (actor) => {
    if (actor === 'cli') return 'Command line'
    if (actor.startsWith('key_')) return `API key ${actor}`
    return data?.items.find(({ id }) => id === actor)?.email ?? actor
  }
}
