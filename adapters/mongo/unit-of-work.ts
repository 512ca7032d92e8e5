// Units of work: one MongoDB transaction, or a plain write where there is only one.

import type { ClientSession, Db, MongoClient } from 'mongodb'
import { checkDocument, checkUpdate } from '../../src/stores/document-language.ts'
import type { Write } from '../../src/stores/documents.ts'
import { isDuplicateKey } from './errors.ts'
import { shadowed, withShadow } from './expiry.ts'
import { checkedFilter, type Row } from './rows.ts'

type Outcome = { done: true } | { done: false; failed: number }

export async function commitAll(
  parts: { client: MongoClient; database: Db },
  writes: readonly Write[],
): Promise<Outcome> {
  for (const write of writes) checkWrite(write)
  const [only] = writes
  if (only && writes.length === 1)
    return (await apply(parts.database, only)) ? { done: true } : { done: false, failed: 0 }

  const session = parts.client.startSession()
  try {
    // Tries again when a transaction collides with another (`TransientTransactionError`), and asks again
    // for a commit whose answer was lost: the same transaction number is never applied twice.
    return await session.withTransaction(async () => {
      for (const [index, write] of writes.entries()) {
        if (await apply(parts.database, write, session)) continue
        await session.abortTransaction()
        return { done: false, failed: index } as const
      }
      return { done: true } as const
    })
  } finally {
    await session.endSession()
  }
}

function checkWrite(write: Write): void {
  if ('insert' in write) checkDocument(write.insert)
  else if ('update' in write) {
    checkedFilter(write.update)
    checkUpdate(write.by)
  } else checkedFilter(write.remove)
}

/** Whether the write's condition held. */
async function apply(database: Db, write: Write, session?: ClientSession): Promise<boolean> {
  const rows = database.collection<Row>(write.in.name)
  const options = session ? { session } : {}
  if ('update' in write) {
    const query = checkedFilter(write.update)
    const change = shadowed(write.in, write.by)
    return unlessTaken(async () => (await rows.updateOne(query, change, options)).matchedCount > 0)
  }
  if ('remove' in write)
    return (
      (await rows.deleteMany(checkedFilter(write.remove), options)).deletedCount > 0 ||
      write.optional === true
    )
  return unlessTaken(async () => {
    await rows.insertOne(withShadow(write.in, write.insert) as Row, options)
    return true
  })
}

/** A unique violation is a condition that did not hold. */
async function unlessTaken(work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work()
  } catch (error) {
    if (isDuplicateKey(error)) return false
    throw error
  }
}
