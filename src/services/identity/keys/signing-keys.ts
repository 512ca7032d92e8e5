// Signing keys of an organisation: made at first use by one maker, sealed at rest.

import { AppError } from '../../../shared/errors.ts'
import type { Log } from '../../../shared/log.ts'
import { AlreadyExists } from '../../../stores/errors.ts'
import type { SigningAlgorithm, SigningKey, SigningKeyStore } from '../../../stores/signing-keys.ts'
import {
  type Jwk,
  type KeyMaking,
  makeKey,
  openKey,
  publicHalf,
  sealNames,
} from './key-material.ts'
import { nextChange, statesAt, successorDueAt } from './key-schedule.ts'

/** A key as it was read and opened. */
export type OpenKey = Pick<
  SigningKey,
  'alg' | 'generation' | 'activeFrom' | 'retiresAt' | 'expiresAt' | 'dueAt'
> & {
  kid: string
  /** With its private half as long as it may have to sign. */
  jwk: Jwk
}

/** What an organisation's keys are good for at an instant. */
export type KeySet = {
  /** With private halves, RS256 first. */
  signing: readonly Jwk[]
  /** Public halves of all that is published: those that sign, that will, and that did. */
  published: readonly Jwk[]
  /** Public halves of those that are published no more; ID tokens shown as hints are checked with them. */
  retired: readonly Jwk[]
  /** From this instant on it is another. */
  changesAt: number
}

export type SigningKeys = {
  /**
   * The organisation's keys, the newest first. Makes what is missing; of several processes that do so at
   * once one makes the key and all use it. Throws an `internal_error` when a key that signs or will sign
   * does not open under `SECRET`; a former one that does not is left out.
   */
  forOrganisation(organisation: string): Promise<OpenKey[]>
}

export const ALGORITHMS: readonly SigningAlgorithm[] = ['RS256', 'ES256']

export function createSigningKeys(
  parts: KeyMaking & { store: SigningKeyStore; log: Log },
): SigningKeys {
  const { store, keyring, clock, log } = parts

  async function makeFirst(organisation: string, alg: SigningAlgorithm): Promise<void> {
    try {
      await store.insert(
        await makeKey(parts, { organisation, alg, generation: 1, activeFrom: clock.now() }),
      )
    } catch (error) {
      // Another process was first: its key is the organisation's key.
      if (!(error instanceof AlreadyExists)) throw error
    }
  }

  /** Keys of the first version signed from their making on, and were never replaced. */
  async function completed(keys: readonly SigningKey[]): Promise<readonly SigningKey[]> {
    const old = keys.filter(({ activeFrom }) => activeFrom === undefined)
    for (const key of old)
      await store.complete(key, {
        sealedBy: sealNames(keyring).at(-1) ?? '', // the oldest of the list: the job will tell
        activeFrom: key.createdAt,
        dueAt: successorDueAt(key.createdAt, await parts.rotationOf(key.organisation)),
      })
    const [first] = old
    return first ? store.list(first.organisation) : keys
  }

  function opened(keys: readonly SigningKey[]): OpenKey[] {
    return statesAt(keys, clock.now()).flatMap(({ key, state }) => {
      const jwk = openKey(keyring, key)
      const { _id: kid, organisation, sealed, sealedBy, createdAt, ...schedule } = key
      if (jwk) return [{ kid, ...schedule, jwk }]
      const detail = `signing key ${kid} does not open: SECRET must still list the value it was sealed under`
      if (state === 'current' || state === 'next') throw new AppError('internal_error', { detail })
      log.error({ kid, organisation }, 'a former signing key does not open')
      return []
    })
  }

  return {
    async forOrganisation(organisation) {
      let keys = await store.list(organisation)
      const missing = ALGORITHMS.filter((alg) => !keys.some((key) => key.alg === alg))
      if (missing.length > 0) {
        await Promise.all(missing.map((alg) => makeFirst(organisation, alg)))
        keys = await store.list(organisation)
      }
      return opened(await completed(keys))
    },
  }
}

/** What the keys are good for at an instant: the same for everybody who has read the same keys. */
export function keySetAt(keys: readonly OpenKey[], now: number): KeySet {
  const states = statesAt(keys, now)
  const sorted = ALGORITHMS.flatMap((alg) => states.filter(({ key }) => key.alg === alg))
  const signing = sorted.filter(({ state }) => state === 'current')
  const others = sorted.filter(({ state }) => state === 'next' || state === 'former')
  const retired = sorted.filter(({ state }) => state === 'retired')
  return {
    signing: signing.map(({ key }) => key.jwk),
    published: [...signing, ...others].map(({ key }) => publicHalf(key.jwk)),
    retired: retired.map(({ key }) => publicHalf(key.jwk)),
    changesAt: nextChange(keys, now),
  }
}
