// Units of work: one MongoDB transaction, or a plain write where there is only one.

import type { ClientSession, Db, MongoClient } from 'mongodb'
import { checkDocument, checkUpdate } from '../../src/stores/document-language.ts'
import type { Filter, Write } from '../../src/stores/documents.ts'
import { isDuplicateKey } from './errors.ts'
import { shadowed, withShadow } from './expiry.ts'
import { checkedFilter, type Row } from './rows.ts'

type Outcome = { done: true } | { done: false; failed: number }

type Parts = { client: MongoClient; database: Db }

/** Writes that travel as one command: updates of one collection that follow one another, or a single write. */
type Step = readonly [Write, ...Write[]]

export async function commitAll(parts: Parts, writes: readonly Write[]): Promise<Outcome> {
  for (const write of writes) checkWrite(write)
  const [only] = writes
  if (only && writes.length === 1)
    return (await apply(parts.database, [only])) ? { done: true } : { done: false, failed: 0 }
  const steps = stepsOf(writes)
  const outcome = await commit(parts, steps)
  // Of several updates in one command MongoDB says how many matched, not which.
  if (outcome.done || steps.length === writes.length) return outcome
  return commit(
    parts,
    writes.map((write) => [write]),
  )
}

function stepsOf(writes: readonly Write[]): Step[] {
  const steps: [Write, ...Write[]][] = []
  for (const write of writes) {
    const last = steps.at(-1)
    const [first] = last ?? []
    const isMore = first && 'update' in first && 'update' in write
    if (last && isMore && first.in.name === write.in.name) last.push(write)
    else steps.push([write])
  }
  return steps
}

/** One transaction; `failed` names the step whose condition did not hold. */
async function commit({ client, database }: Parts, steps: readonly Step[]): Promise<Outcome> {
  const session = client.startSession()
  try {
    // Tries again when a transaction collides with another (`TransientTransactionError`), and asks again
    // for a commit whose answer was lost: the same transaction number is never applied twice.
    return await session.withTransaction(async () => {
      for (const [index, step] of steps.entries()) {
        if (await apply(database, step, session)) continue
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

/** Whether the conditions of its writes held. */
async function apply(database: Db, step: Step, session?: ClientSession): Promise<boolean> {
  const [write] = step
  const rows = database.collection<Row>(write.in.name)
  const options = session ? { session } : {}
  if ('update' in write) {
    const updates = step.flatMap((each) => ('update' in each ? [updateOf(each)] : []))
    return unlessTaken(
      async () => (await rows.bulkWrite(updates, options)).matchedCount === updates.length,
    )
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

function updateOf({ in: spec, update, by }: Extract<Write, { update: Filter }>) {
  return { updateOne: { filter: checkedFilter(update), update: shadowed(spec, by) } }
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
