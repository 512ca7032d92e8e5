// Units of work: one SQLite transaction, rolled back at the first write whose condition does not hold.

import type { Write } from '../../src/stores/documents.ts'
import { AlreadyExists } from '../../src/stores/errors.ts'
import type { Database } from './database.ts'
import { insert, remove, update } from './writes.ts'

/** Rolls the unit back. */
class ConditionFailed extends Error {
  override readonly name = 'ConditionFailed'
}

export function commitAll(
  database: Database,
  writes: readonly Write[],
): { done: true } | { done: false; failed: number } {
  let at = 0
  try {
    database.transaction(() => {
      for (const [index, write] of writes.entries()) {
        at = index
        if (!apply(database, write)) throw new ConditionFailed()
      }
    })
    return { done: true }
  } catch (error) {
    if (error instanceof ConditionFailed || error instanceof AlreadyExists)
      return { done: false, failed: at }
    throw error
  }
}

/** Whether the write's condition held; a unique violation is thrown. */
function apply(database: Database, write: Write): boolean {
  if ('update' in write)
    return update(database, write.in, { filter: write.update, change: write.by }) !== undefined
  if ('remove' in write)
    return remove(database, write.in, write.remove) > 0 || write.optional === true
  insert(database, write.in, write.insert)
  return true
}
