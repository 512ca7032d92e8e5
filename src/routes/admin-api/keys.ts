// /organisations/{slug}/keys: the signing keys.

import { adminApi } from '@foyer/contract'
import { onlyPage } from '../../http/pages.ts'
import type { KeyReport, KeyRotation } from '../../services/identity/keys/key-rotation.ts'
import { instantOf } from '../../shared/instants.ts'
import type { Routes } from './serve.ts'

const api = adminApi.keys

export function keyRoutes(parts: {
  rotation: Pick<KeyRotation, 'report' | 'rotate' | 'replace'>
  /** Makes the first ones of an organisation that was not used yet. */
  ensureKeys(organisation: string): Promise<unknown>
}): Routes {
  const { rotation, ensureKeys } = parts
  return (serve) => {
    serve(api.listKeys, async ({ organisation }) =>
      onlyPage((await rotation.report(organisation._id)).map(shown)),
    )

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
    created_at: instantOf(key.createdAt),
    signs_from: instantOf(key.activeFrom),
    published_until: instantOf(key.retiresAt),
    kept_until: instantOf(key.expiresAt),
    sealed_under: key.sealedUnder,
  }
}
