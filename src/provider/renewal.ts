// What is built of an organisation's keys: one build at a time, and built anew when others sign or are published.

import { type KeySet, keySetAt, type OpenKey } from '../services/identity/signing-keys.ts'
import { type Clock, MINUTE } from '../shared/clock.ts'

export type Renewed<T> = {
  /** What was built of the keys of this instant. What it gave out before goes on working. */
  current(): Promise<T>
  /** Reads the keys again unless this one is among them. When they cannot be read, all stays as it was. */
  keyMade(kid: string): Promise<void>
}

/** New keys are told of: this is for what was missed, and far shorter than keys are published ahead. */
const READ_AGAIN_AFTER = 10 * MINUTE

export function createRenewed<T>(parts: {
  read(): Promise<readonly OpenKey[]>
  build(keys: KeySet): T
  clock: Clock
}): Renewed<T> {
  const { read, build, clock } = parts
  let keys: readonly OpenKey[] | undefined
  let reading: Promise<readonly OpenKey[]> | undefined
  let readAgainAt = 0
  let built: { value: T; until: number } | undefined

  /** However many ask, one read is under way. */
  function readNow(): Promise<readonly OpenKey[]> {
    readAgainAt = clock.now() + READ_AGAIN_AFTER
    reading ??= read()
      .then((found) => {
        if (!isSame(keys, found)) built = undefined
        keys = found
        return found
      })
      .finally(() => {
        reading = undefined
      })
    return reading
  }

  function buildOf(found: readonly OpenKey[]): T {
    const set = keySetAt(found, clock.now())
    built = { value: build(set), until: set.changesAt }
    return built.value
  }

  return {
    async current() {
      const now = clock.now()
      if (keys && now >= readAgainAt) readNow().catch(() => {}) // those that are known stay good
      if (built && now < built.until) return built.value
      const found = keys ?? (await readNow())
      if (built && now < built.until) return built.value // by another who waited
      return buildOf(found)
    },

    async keyMade(kid) {
      if (keys?.some((key) => key.kid === kid)) return
      if (keys || reading) await readNow()
    },
  }
}

function isSame(before: readonly OpenKey[] | undefined, now: readonly OpenKey[]): boolean {
  return before?.length === now.length && now.every(({ kid }, at) => kid === before[at]?.kid)
}
