// Noticing keys that other processes made: whoever holds keys in memory hears of a new one within seconds.

import { type Clock, SECOND } from '../../../shared/clock.ts'
import { following } from '../../../shared/following.ts'
import type { Log } from '../../../shared/log.ts'
import type { SigningKeyStore } from '../../../stores/signing-keys.ts'

const LOOK_EVERY = 2 * SECOND

/**
 * Tells of every key made from now on, also of one's own, and of each for some time again and again, until
 * the returned function is called. A withdrawn key is noticed by what takes its place.
 */
export function watchKeys(parts: {
  store: Pick<SigningKeyStore, 'madeSince'>
  onMade(organisation: string, kid: string): Promise<void>
  clock: Clock
  log: Log
}): () => void {
  const { store, onMade, clock, log } = parts
  let isLooking = false

  const look = following({ clock, from: clock.now() }, async (since) => {
    const made = await store.madeSince(since)
    for (const { organisation, _id: kid } of made)
      await onMade(organisation, kid).catch((error) => {
        // It is told again, for some time; one organisation must not hold up the others.
        log.error({ err: error, organisation, kid }, 'a new signing key could not be taken up')
      })
  })

  const timer = setInterval(async () => {
    if (isLooking) return
    isLooking = true
    try {
      await look()
    } catch (error) {
      log.warn({ err: error }, 'new signing keys could not be looked for')
    }
    isLooking = false
  }, LOOK_EVERY)
  timer.unref()
  return () => clearInterval(timer)
}
