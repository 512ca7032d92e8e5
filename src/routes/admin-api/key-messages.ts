// A signing key in the words of the Admin API, which the command line prints as well.

import type { KeyReport } from '../../services/identity/keys/key-rotation.ts'
import { instantOf } from '../../shared/instants.ts'

export function keyData(key: KeyReport) {
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
