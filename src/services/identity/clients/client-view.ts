// What lists and pages say of a client beyond its record: which secrets are good, and what ends soon.

import { type Client, type ClientSecret, secretIdOf } from '../../../stores/clients.ts'
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

export type Expiry = {
  /** Of a preview. */
  expiresAt: number | undefined
  /** Of the first of its good secrets. */
  secretExpiresAt: number | undefined
  /** Either of them within thirty days. */
  expiresSoon: boolean
}

export function expiryOf(client: Client, now: number): Expiry {
  const live = client.secrets.filter((record) => isLiveSecret(record, now))
  const ends = live.flatMap(({ expiresAt }) => expiresAt ?? [])
  const secretExpiresAt = ends.length > 0 ? Math.min(...ends) : undefined
  const { expiresAt } = client
  const expiresSoon = endsSoon(expiresAt, now) || endsSoon(secretExpiresAt, now)
  return { expiresAt, secretExpiresAt, expiresSoon }
}
