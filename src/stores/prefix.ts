// Prefixes as ranges, so that an index answers them.

import type { Condition } from './documents.ts'

/** Everything that begins with the text: nothing comes after the last character that there is. */
export function startsWith(text: string): Condition {
  return { $gte: text, $lt: `${text}\u{10ffff}` }
}
