// When a signing key is published, signs and goes: computed from instants, so that every process says the same.

import { DAY, HOUR } from '../../../shared/clock.ts'
import type { SigningKey } from '../../../stores/signing-keys.ts'

/** A key is published this long before it signs: longer than anybody keeps a key set. */
export const PUBLISHED_AHEAD = DAY

/** A former key is published this much longer than what it signed lives: for clocks that differ. */
const MARGIN = HOUR

/** What may still be asked of a key after it signed last, in milliseconds. */
export type KeyUses = {
  /** The longest life of a token. */
  tokens: number
  /** How long an ID token is shown as a hint of who is to be signed out: as long as a session lives. */
  hints: number
}

/** When a key goes whose successor signs from `at` on. */
export function endOf({ tokens, hints }: KeyUses, at: number) {
  const retiresAt = at + tokens + MARGIN
  return { retiresAt, expiresAt: Math.max(retiresAt, at + hints) }
}

/** When the successor of a key is to be made, so that it signs once this one did for `rotation`. */
export function successorDueAt(activeFrom: number, rotation: number): number {
  return activeFrom + rotation - PUBLISHED_AHEAD
}

export type KeyState =
  /** Published, and signs from its `activeFrom` on. */
  | 'next'
  /** Signs. */
  | 'current'
  /** Published until the last token that it signed is dead. */
  | 'former'
  /** Its public half alone is kept, for ID tokens that are shown as hints. */
  | 'retired'

type Timed = Pick<
  SigningKey,
  'alg' | 'activeFrom' | 'retiresAt' | 'expiresAt' | 'generation' | 'dueAt'
>

/** Whether its private half was taken: nothing more is to be done with it. */
function hasEnded({ dueAt, retiresAt }: Timed): boolean {
  return dueAt === undefined && retiresAt !== undefined
}

/** Made by whoever had not seen what is newer: whoever has a successor knows its end. */
function isStray({ alg, generation, retiresAt }: Timed, keys: readonly Timed[]): boolean {
  if (retiresAt !== undefined) return false
  return keys.some((other) => other.alg === alg && other.generation > generation)
}

/**
 * The state of each of an organisation's keys, the newest first, at an instant; those that are expired are left out. When none
 * can sign yet, the first to come does: the clock of whoever made it, or ended the one before, is ahead.
 */
export function statesAt<K extends Timed>(
  keys: readonly K[],
  now: number,
): { key: K; state: KeyState }[] {
  const living = keys.filter(
    (key) => (key.expiresAt ?? Number.POSITIVE_INFINITY) > now && !isStray(key, keys),
  )
  const current = new Set(
    living.map(({ alg }) => {
      const ofSame = living.filter((key) => key.alg === alg && !hasEnded(key))
      return ofSame.find(({ activeFrom }) => activeFrom <= now) ?? ofSame.at(-1)
    }),
  )
  const stateOf = (key: K): KeyState => {
    if (current.has(key)) return 'current'
    if (key.activeFrom > now) return 'next'
    return key.retiresAt === undefined || key.retiresAt > now ? 'former' : 'retired'
  }
  return living.map((key) => ({ key, state: stateOf(key) }))
}

/** The next instant at which a state is another; infinite when none will be. */
export function nextChange(keys: readonly Timed[], now: number): number {
  const instants = keys.flatMap(({ activeFrom, retiresAt, expiresAt }) => [
    activeFrom,
    retiresAt ?? 0,
    expiresAt ?? 0,
  ])
  return Math.min(...instants.filter((instant) => instant > now), Number.POSITIVE_INFINITY)
}
