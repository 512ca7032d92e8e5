// Idempotency keys: a request that is sent again, because its answer was lost, is answered again and not done again.

import { type Clock, DAY, MINUTE } from '../../shared/clock.ts'
import { AppError } from '../../shared/errors.ts'
import { type Keyring, sha256 } from '../../shared/secrets.ts'
import type { IdempotencyStore, KeyedRequest } from '../../stores/idempotency.ts'

export type Keyed = {
  /** Who asks; another's keys are other keys. */
  caller: string
  /** Which operation. */
  operation: string
  /** What the caller calls this request. */
  key: string
  /** All that was asked: the address and the body. */
  request: string
}

export type Idempotency = {
  /**
   * Does it once in 24 hours for each key, and gives whoever asks again the same text. A refusal is not kept:
   * what was refused may be tried again. Throws `idempotency_key_reused` when the key was used for something
   * else, and `conflict` while the first request is under way.
   */
  once(keyed: Keyed, run: () => Promise<string>): Promise<{ text: string; isReplay: boolean }>
}

const LIFE = DAY
/** Longer than any request takes: whoever is still at it then has been killed. */
const BUSY = MINUTE

export function createIdempotency(parts: {
  store: IdempotencyStore
  keyring: Keyring
  clock: Clock
}): Idempotency {
  const { store, keyring, clock } = parts

  /** The request that is now ours to do, or the answer that there is. */
  async function begin(mine: KeyedRequest): Promise<string | undefined> {
    if (await store.begin(mine)) return undefined
    const found = await store.find(mine._id)
    const isOver = found && found.expiresAt <= clock.now()
    if (found && !isOver && found.fingerprint !== mine.fingerprint)
      throw new AppError('idempotency_key_reused')
    const answer = !isOver && found?.answer
    const text = answer ? keyring.open('seal:answer', mine._id, answer) : undefined
    if (text !== undefined) return text
    const isFree = found && (isOver || (!answer && found.busyUntil <= clock.now()))
    if (isFree && (await store.beginAgain(found, mine))) return undefined
    throw new AppError('conflict', { message: 'The first request is under way', retryAfter: 1 })
  }

  return {
    async once({ caller, operation, key, request }, run) {
      const mine: KeyedRequest = {
        _id: sha256(JSON.stringify([caller, operation, key])),
        fingerprint: sha256(request),
        busyUntil: clock.now() + BUSY,
        expiresAt: clock.now() + LIFE,
      }
      const known = await begin(mine)
      if (known !== undefined) return { text: known, isReplay: true }
      try {
        const text = await run()
        await store.answer(mine, keyring.seal('seal:answer', mine._id, text))
        return { text, isReplay: false }
      } catch (error) {
        await store.release(mine)
        throw error
      }
    },
  }
}
