// Cursors: places in one list of one owner, with a tag that nobody else can make.

import { isSameDigest, type Keyring } from './secrets.ts'

/** After the item with this time (milliseconds since 1970) and id. */
export type Place = { at: number; id: string }

/** Whose list it is, by name. */
export type ListOwner = { list: string; organisation: string; owner: string }

export type Cursors = {
  make(list: ListOwner, place: Place): string
  /** `undefined` when it is none of ours, or of another owner or list. */
  open(list: ListOwner, cursor: string): Place | undefined
}

export function createCursors(keyring: Pick<Keyring, 'digest' | 'digests'>): Cursors {
  const tagged = ({ list, organisation, owner }: ListOwner, place: string) =>
    ['cursor', list, organisation, owner, place] as const

  return {
    make(list, { at, id }) {
      const place = `${at}.${id}`
      const tag = keyring.digest(...tagged(list, place))
      return Buffer.from(`${place}.${tag}`).toString('base64url')
    },

    open(list, cursor) {
      const text = Buffer.from(cursor, 'base64url').toString()
      const [, at, id, tag] = /^(-?\d+)\.([\w-]+)\.([\w-]+)$/.exec(text) ?? []
      if (at === undefined || id === undefined || tag === undefined) return undefined
      // Any value of `SECRET`: people go on paging while it is rotated.
      const tags = keyring.digests(...tagged(list, `${at}.${id}`))
      return tags.some((each) => isSameDigest(tag, each)) ? { at: Number(at), id } : undefined
    },
  }
}
