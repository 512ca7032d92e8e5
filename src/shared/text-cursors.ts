// Cursors of lists that are sorted by texts: sealed, because such a text may be somebody's name or address.

import type { ListOwner } from './cursors.ts'
import type { Keyring } from './secrets.ts'

export type TextCursors = {
  make(list: ListOwner, place: readonly string[]): string
  /** `undefined` when it is none of ours, or of another list. */
  open(list: ListOwner, cursor: string): string[] | undefined
}

export function createTextCursors(keyring: Pick<Keyring, 'seal' | 'open'>): TextCursors {
  const contextOf = ({ list, organisation, owner }: ListOwner): string =>
    JSON.stringify([list, organisation, owner])

  return {
    make: (list, place) => keyring.seal('seal:cursor', contextOf(list), JSON.stringify(place)),
    open(list, cursor) {
      const text = keyring.open('seal:cursor', contextOf(list), cursor)
      return text === undefined ? undefined : (JSON.parse(text) as string[]) // we sealed it
    },
  }
}
