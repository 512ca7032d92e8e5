// Permissions: what customers allowed third-party clients, so that they are asked once.

import type { Clock } from '../../../shared/clock.ts'
import type { PermissionStore } from '../../../stores/permissions.ts'

type Subject = { organisation: string; account: string; client: string }

export type Permissions = {
  /** Every scope the account ever allowed the client and did not take back. */
  scopesOf(subject: Subject): Promise<ReadonlySet<string>>
  /** Adds scopes to what is allowed already. */
  allow(subject: Subject, scopes: readonly string[]): Promise<void>
}

export function createPermissions(parts: { store: PermissionStore; clock: Clock }): Permissions {
  const { store, clock } = parts

  const scopesOf: Permissions['scopesOf'] = async ({ organisation, account, client }) =>
    new Set((await store.find(organisation, account, client))?.scopes)

  return {
    scopesOf,
    async allow(subject, scopes) {
      // Two permission pages of one person at once may each miss the other's scopes: then one is asked again.
      const allowed = await scopesOf(subject)
      await store.replaceScopes({
        ...subject,
        scopes: [...new Set([...allowed, ...scopes])],
        at: clock.now(),
      })
    },
  }
}
