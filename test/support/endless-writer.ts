// A process that writes numbered documents to the embedded store for ever, and says each number once it is kept.

import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'

const documents = createEmbeddedDocuments({ file: String(process.argv[2]), clock: Date })
const things = documents.collection<{ _id: string; n: number }>({ name: 'things', indexes: [] })

for (let n = 1; ; n += 1) {
  await things.insert({ _id: String(n), n })
  process.stdout.write(`${n}\n`)
  // Lets the line leave the process.
  await new Promise((resolve) => setImmediate(resolve))
}
