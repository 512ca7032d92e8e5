// GET /me.

import { adminApi } from '@foyer/contract'
import type { Caller } from './guard.ts'
import type { Routes } from './serve.ts'

export type Place = { slug: string; name: string; role: adminApi.Role }

/** `placesOf`: the organisations in which the caller has a role of their own. */
export function meRoutes(parts: {
  placesOf(caller: Caller): Promise<{ isPlatformOwner: boolean; places: Place[] }>
}): Routes {
  return (serve) => {
    serve(adminApi.me.showMe, async ({ caller }) => {
      const { isPlatformOwner, places } = await parts.placesOf(caller)
      return {
        kind: caller.kind,
        email: caller.email ?? null,
        platform_owner: isPlatformOwner,
        organisations: places,
        scopes: caller.scopes ? [...caller.scopes] : null,
      }
    })
  }
}
