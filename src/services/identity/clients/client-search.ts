// Looking for clients: by how the name or the id begins, without anything that a request could make expensive.

import { searchable } from '../../../shared/search-text.ts'
import type { ClientFilter } from '../../../stores/client-list.ts'
import type { ClientKind } from '../../../stores/clients.ts'

/** How ids of clients begin; the house's own go by names. */
const ID = 'cli_'

/** `q` is the beginning of an id where it looks like one, else of a name; nothing, of everything. */
export function clientFilterOf({
  q = '',
  kind,
}: {
  q?: string | undefined
  kind?: ClientKind | undefined
}): ClientFilter<ClientKind> {
  const text = searchable(q)
  return {
    ...(kind && { kind }),
    ...(text !== '' && (text.startsWith(ID) ? { id: text } : { name: text })),
  }
}
