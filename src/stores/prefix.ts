// Prefixes as ranges, so that an index answers them.

import type { Condition } from './documents.ts'

/**
 * Everything that begins with the text: nothing comes after the last character that there is. Behind a place
 * that alone says where to begin: of two such conditions SQLite takes the first, and reads all up to the place.
 */
export function startsWith(text: string, place = ''): Condition {
  const $lt = `${text}\u{10ffff}`
  return place < text ? { $gte: text, $lt } : { $lt }
}
