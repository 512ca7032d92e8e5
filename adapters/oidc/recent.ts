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
  /** Reads and writes whose answers are awaited, by key. */
  const underWay = new Map<string, Set<{ isOld: boolean }>>()

  /** What is known is forgotten, and what is under way may be older than the change. */
  const drop = (key: string): void => {
    cache.delete(key)
    for (const work of underWay.get(key) ?? []) work.isOld = true
  }
  const dropAll = (): void => {
    cache.clear()
    for (const key of underWay.keys()) drop(key)
  }
  async function during<D extends Document>(key: string, work: () => Promise<D | undefined>) {
    const state = { isOld: false }
    const works = underWay.get(key) ?? new Set()
    underWay.set(key, works.add(state))
    try {
      return { document: await work(), state }
    } finally {
      works.delete(state)
      if (works.size === 0) underWay.delete(key)
    }
  }
  const away = (): void => {} // the store of messages: then time alone makes us forget
  const tell = (key: string): Promise<void> =>
    ephemeral.publish(CHANNEL, `${process} ${key}`).catch(away)
  ephemeral
    .subscribe(CHANNEL, (message) => {
      const [from = '', key = ''] = message.split(' ')
      if (from === process) return
      if (key === '') dropAll()
      else drop(key)
    })
    .catch(away)

  return {
    async find<D extends Document>(key: string, read: () => Promise<D | undefined>) {
      const known = cache.get(key) as D | undefined // one key, one collection: see grants.ts and session-model.ts
      if (known) return known
      const { document, state } = await during(key, read)
      if (document && !state.isOld) cache.set(key, document)
      return document
    },
    async keep(key, write, isNew) {
      // Whatever becomes of it: what was known before, or is read meanwhile, is older.
      const { document, state } = await during(key, write).finally(() => drop(key))
      if (document && !state.isOld) cache.set(key, document)
      if (document && isNew?.(document)) return
      // A code is issued next, and any process may exchange it: what it was issued from must be seen there.
      // Not waited for, so that it travels with the code, in front of it.
      void tell(key)
    },
    async forget() {
      dropAll()
      await tell('')
    },
  }
}
