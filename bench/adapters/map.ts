// The engine's storage in a map that never forgets: as little work as storage can be.

import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'

export function createMapAdapter(): AdapterFactory {
  const stored = new Map<string, AdapterPayload>()
  const uids = new Map<string, string>()
  const grants = new Map<string, string[]>()

  return (model: string): Adapter => {
    const keyOf = (id: string): string => `${model}:${id}`
    return {
      async upsert(id, payload) {
        stored.set(keyOf(id), payload)
        if (payload.uid) uids.set(payload.uid, id)
        if (payload.grantId) {
          const keys = grants.get(payload.grantId) ?? []
          grants.set(payload.grantId, [...keys, keyOf(id)])
        }
      },
      async find(id) {
        return stored.get(keyOf(id))
      },
      async findByUid(uid) {
        const id = uids.get(uid)
        return id === undefined ? undefined : stored.get(keyOf(id))
      },
      async findByUserCode() {
        return undefined
      },
      async consume(id) {
        const payload = stored.get(keyOf(id))
        if (payload) payload.consumed = Math.floor(Date.now() / 1000)
      },
      async destroy(id) {
        stored.delete(keyOf(id))
      },
      async revokeByGrantId(grantId) {
        for (const key of grants.get(grantId) ?? []) stored.delete(key)
      },
    }
  }
}
