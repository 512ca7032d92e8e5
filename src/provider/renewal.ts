// What is built of an organisation's keys: one build at a time, and built anew when others sign or are published.

import { type KeySet, keySetAt, type OpenKey } from '../services/identity/keys/signing-keys.ts'
import { type Clock, MINUTE } from '../shared/clock.ts'
import type { Log } from '../shared/log.ts'

export type Renewed<T> = {
  /** What was built of the keys of this instant. What it gave out before goes on working. */
  current(): Promise<T>
  /** Reads the keys again unless this one is among them. Throws when they cannot be read; then all stays as it was. */
  keyMade(kid: string): Promise<void>
}

/** New keys are told of: this is for what was missed, and far shorter than keys are published ahead. */
const READ_AGAIN_AFTER = 10 * MINUTE

export function createRenewed<T>(parts: {
  read(): Promise<readonly OpenKey[]>
  build(keys: KeySet): T
  clock: Clock
  log: Log
}): Renewed<T> {
  const { read, build, clock, log } = parts
  let keys: readonly OpenKey[] | undefined
  let reading: Promise<readonly OpenKey[]> | undefined
  let readAgainAt = 0
  /** Good from one instant to another: a clock may also be set back. */
  let built: { value: T; from: number; until: number } | undefined

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
    const now = clock.now()
    const set = keySetAt(found, now)
    built = { value: build(set), from: now, until: set.changesAt }
    return built.value
  }

  function builtFor(now: number): { value: T } | undefined {
    return built && built.from <= now && now < built.until ? built : undefined
  }

  return {
    async current() {
      const now = clock.now()
      if (keys && now >= readAgainAt)
        readNow().catch((error) => {
          log.warn({ err: error }, 'signing keys could not be read: those known stay in use')
        })
      const ready = builtFor(now)
      if (ready) return ready.value
      const found = keys ?? (await readNow())
      return builtFor(clock.now())?.value ?? buildOf(found) // another who waited may have built it
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
