// What lists and pages say of a client beyond its record: which secrets are good, and what ends soon.

import { type Client, type ClientSecret, secretIdOf } from '../../stores/clients.ts'
import { isLiveSecret } from './client-secrets.ts'
import { endsSoon } from './secret-expiry.ts'

export type ShownSecret = {
  id: string
  /** Its last four characters. */
  hint: string
  createdAt: number
  expiresAt?: number
  /** Within thirty days. */
  expiresSoon: boolean
  /** Exact to an hour. */
  lastUsedAt?: number
  isLive: boolean
}

export function shownSecret(client: Client, record: ClientSecret, now: number): ShownSecret {
  const { hint, createdAt, expiresAt } = record
  const id = secretIdOf(record)
  const lastUsedAt = client.secretUses?.[id]
  return {
    id,
    hint,
    createdAt,
    ...(expiresAt !== undefined && { expiresAt }),
    expiresSoon: endsSoon(expiresAt, now),
    ...(lastUsedAt !== undefined && { lastUsedAt }),
    isLive: isLiveSecret(record, now),
  }
}

/**
 * When the client next stops working as it does now: a preview at its end, others when the first of their good
 * secrets ends. `expiresSoon`: within thirty days.
 */
export function expiryOf(
  client: Client,
  now: number,
): { expiresAt: number | undefined; expiresSoon: boolean } {
  const live = client.secrets.filter((record) => isLiveSecret(record, now))
  const ends = [client.expiresAt, ...live.map(({ expiresAt }) => expiresAt)].filter(
    (each) => each !== undefined,
  )
  const expiresAt = ends.length > 0 ? Math.min(...ends) : undefined
  return { expiresAt, expiresSoon: endsSoon(expiresAt, now) }
}
