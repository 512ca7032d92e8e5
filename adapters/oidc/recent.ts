// Grants and sessions as they were a moment ago: what a code was just issued from is what its exchange reads next.

import type { Clock } from '../../src/shared/clock.ts'
import { SECOND } from '../../src/shared/clock.ts'
import { createFreshCache } from '../../src/shared/fresh-cache.ts'
import type { Document } from '../../src/stores/documents.ts'
import type { Ephemeral } from '../../src/stores/ephemeral.ts'

export type Recent = {
  /** The document as this process read or wrote it last, else as `read` finds it now. */
  find<D extends Document>(key: string, read: () => Promise<D | undefined>): Promise<D | undefined>
  /** Remembers what `write` returns. */
  keep(key: string, write: () => Promise<Document | undefined>): Promise<void>
  /** Something ended, which is rare: this process forgets everything at once, the others when they hear of it. */
  forget(): Promise<void>
}

/** Who does not hear that something ended knows it after this time. */
const FRESH = 3 * SECOND
const SIZE = 5000
const CHANNEL = 'oidc:ended'

export function createRecent(parts: { ephemeral: Ephemeral; clock: Clock }): Recent {
  const { ephemeral, clock } = parts
  const cache = createFreshCache<Document>({ clock, life: FRESH, size: SIZE })
  let ends = 0
  const drop = (): void => {
    ends += 1
    cache.clear()
  }
  /** What was under way when something ended may be older than the end. */
  const remember = async <D extends Document>(key: string, work: () => Promise<D | undefined>) => {
    const before = ends
    const document = await work()
    if (document && before === ends) cache.set(key, document)
    return document
  }
  const away = (): void => {} // the store of messages: then time alone makes us forget
  ephemeral.subscribe(CHANNEL, drop).catch(away)

  return {
    async find<D extends Document>(key: string, read: () => Promise<D | undefined>) {
      const known = cache.get(key) as D | undefined // one key, one collection: see document-models.ts
      return known ?? remember(key, read)
    },
    async keep(key, write) {
      await remember(key, write)
    },
    async forget() {
      drop()
      await ephemeral.publish(CHANNEL, '').catch(away)
    },
  }
}
