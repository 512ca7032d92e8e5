// A process that writes numbers to both embedded stores for ever, and says each number once it is kept.

import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createEmbeddedEphemeral } from '../../adapters/embedded/ephemeral.ts'

const [, , file = '', ephemeralFile = ''] = process.argv
const documents = createEmbeddedDocuments({ file, clock: Date })
const ephemeral = createEmbeddedEphemeral({ file: ephemeralFile, clock: Date })
const things = documents.collection<{ _id: string; n: number }>({ name: 'things', indexes: [] })
const HOUR = 3_600_000

for (let n = 1; ; n += 1) {
  await things.insert({ _id: String(n), n })
  await things.updateOne({ _id: 'sum' }, { $inc: { sum: 1 } }, { upsert: true })
  await ephemeral.set(String(n), 'kept', HOUR)
  await ephemeral.increment('count', HOUR)
  process.stdout.write(`${n}\n`)
  // Lets the line leave the process.
  await new Promise((resolve) => setImmediate(resolve))
}
