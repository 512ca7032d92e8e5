// /organisations/{slug}/keys: the signing keys.

import { adminApi } from '@foyer/contract'
import type { KeyReport, KeyRotation } from '../../services/identity/keys/key-rotation.ts'
import type { Routes } from './serve.ts'

const api = adminApi.keys

export function keyRoutes(parts: {
  rotation: Pick<KeyRotation, 'report' | 'rotate' | 'replace'>
  /** Makes the first ones of an organisation that was not used yet. */
  ensureKeys(organisation: string): Promise<unknown>
}): Routes {
  const { rotation, ensureKeys } = parts
  return (serve) => {
    serve(api.listKeys, async ({ organisation }) => ({
      items: (await rotation.report(organisation._id)).map(shown),
      next_cursor: null,
    }))

    serve(api.rotateKeys, async ({ organisation, by }) => {
      await ensureKeys(organisation._id)
      return { next: (await rotation.rotate(organisation._id, by)).map(shown) }
    })

    serve(api.replaceKeys, async ({ organisation, by }) => {
      const { keys, withdrawn } = await rotation.replace(organisation._id, by)
      return { current: keys.map(shown), withdrawn }
    })
  }
}

function shown(key: KeyReport) {
  return {
    kid: key._id,
    alg: key.alg,
    generation: key.generation,
    state: key.state,
    created_at: instant(key.createdAt),
    signs_from: instant(key.activeFrom),
    published_until: key.retiresAt === undefined ? null : instant(key.retiresAt),
    kept_until: key.expiresAt === undefined ? null : instant(key.expiresAt),
    sealed_under: key.sealedUnder,
  }
}

function instant(time: number): string {
  return new Date(time).toISOString()
}
