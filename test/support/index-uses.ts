// How often MongoDB has found something by each index of a collection.

import type { Collection, Document } from 'mongodb'

export async function indexUses<D extends Document>(
  rows: Collection<D>,
): Promise<Map<string, number>> {
  const found = rows.aggregate<{ name: string; accesses: { ops: bigint } }>([{ $indexStats: {} }])
  return new Map((await found.toArray()).map(({ name, accesses }) => [name, Number(accesses.ops)]))
}
