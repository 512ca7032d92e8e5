// /organisations/{slug}/keys: the signing keys.

import { adminApi } from '@foyer/contract'
import { onlyPage } from '../../http/pages.ts'
import type { KeyRotation } from '../../services/identity/keys/key-rotation.ts'
import { keyData } from './key-messages.ts'
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
      onlyPage((await rotation.report(organisation._id)).map(keyData)),
    )

    serve(api.rotateKeys, async ({ organisation, by }) => {
      await ensureKeys(organisation._id)
      return { next: (await rotation.rotate(organisation._id, by)).map(keyData) }
    })

    serve(api.replaceKeys, async ({ organisation, by }) => {
      const { keys, withdrawn } = await rotation.replace(organisation._id, by)
      return { current: keys.map(keyData), withdrawn }
    })
  }
}
