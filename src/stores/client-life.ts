// Which clients may be used: one that is disabled, or a preview that is over, is not there for whoever asks.

import type { Client } from './clients.ts'

/** Whether it is a preview whose time is over. */
export function hasExpired({ expiresAt }: Client, now: number): boolean {
  return expiresAt !== undefined && expiresAt <= now
}

/** Whether it may be used. */
export function isActive(client: Client, now: number): boolean {
  return client.disabledAt === undefined && !hasExpired(client, now)
}
