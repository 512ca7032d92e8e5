// Grants and sessions as they were a moment ago: what a code was just issued from is what its exchange reads next.

import type { Clock } from '../../src/shared/clock.ts'
import { SECOND } from '../../src/shared/clock.ts'
import { createFreshCache } from '../../src/shared/fresh-cache.ts'
import { newId } from '../../src/shared/ids.ts'
import type { Document } from '../../src/stores/documents.ts'
import type { Ephemeral } from '../../src/stores/ephemeral.ts'

export type Recent = {
  /** The document as this process read or wrote it last, else as `read` finds it now. */
  find<D extends Document>(key: string, read: () => Promise<D | undefined>): Promise<D | undefined>
  /**
   * Remembers what `write` returns, and has the other processes forget what they knew of it; they are not
   * told of what `isNew` says was made just now, because nobody can have known it.
   */
  keep<D extends Document>(
    key: string,
    write: () => Promise<D | undefined>,
    isNew?: (document: D) => boolean,
  ): Promise<void>
  /** Something ended, which is rare: this process forgets everything at once, the others when they hear of it. */
  forget(): Promise<void>
}

/** Who does not hear of a change or an end knows it after this time. */
const FRESH = 3 * SECOND
const SIZE = 5000
/** Messages are `{process} {key}`, the key left out when something ended. */
const CHANNEL = 'oidc:changed'

export function createRecent(parts: { ephemeral: Ephemeral; clock: Clock }): Recent {
  const { ephemeral, clock } = parts
  const process = newId('prc', clock)
  const cache = createFreshCache<Document>({ clock, life: FRESH, size: SIZE })
  let changes = 0
  const drop = (key: string): void => {
    changes += 1
    if (key === '') cache.clear()
    else cache.delete(key)
  }
  /** What was under way when something changed may be older than the change. */
  const remember = async <D extends Document>(key: string, work: () => Promise<D | undefined>) => {
    const before = changes
    const document = await work()
    if (document && before === changes) cache.set(key, document)
    return document
  }
  const away = (): void => {} // the store of messages: then time alone makes us forget
  const tell = (key: string): Promise<void> =>
    ephemeral.publish(CHANNEL, `${process} ${key}`).catch(away)
  ephemeral
    .subscribe(CHANNEL, (message) => {
      const [from = '', key = ''] = message.split(' ')
      if (from !== process) drop(key)
    })
    .catch(away)

  return {
    async find<D extends Document>(key: string, read: () => Promise<D | undefined>) {
      const known = cache.get(key) as D | undefined // one key, one collection: see grants.ts and session-model.ts
      return known ?? remember(key, read)
    },
    async keep(key, write, isNew) {
      const document = await remember(key, write)
      if (document && isNew?.(document)) return
      // A code is issued next, and any process may exchange it: what it was issued from must be seen there.
      // Not waited for, so that it travels with the code, in front of it.
      void tell(key)
    },
    async forget() {
      drop('')
      await tell('')
    },
  }
}
