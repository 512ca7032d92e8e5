// Signing keys joined to their store, for the server and for the command line.

import { createAudit } from '../services/audit/audit.ts'
import {
  type Lifetimes,
  lifetimeSettings,
  resolveLifetimes,
} from '../services/identity/clients/lifetimes.ts'
import { createKeyRotation, type KeyRotation } from '../services/identity/keys/key-rotation.ts'
import type { KeyUses } from '../services/identity/keys/key-schedule.ts'
import { watchKeys } from '../services/identity/keys/key-watch.ts'
import { createSigningKeys, type SigningKeys } from '../services/identity/keys/signing-keys.ts'
import { createAuditStore } from '../stores/audit.ts'
import { createOrganisationStore } from '../stores/organisations.ts'
import { createSigningKeyStore } from '../stores/signing-keys.ts'
import type { Ground } from './ground.ts'

export type Keys = {
  signingKeys: SigningKeys
  rotation: KeyRotation
  /** Tells of every key that is made by any process, until the returned function is called. */
  watch(onMade: (organisation: string, kid: string) => Promise<void>): () => void
}

/** The longest life that anything signed may have, in milliseconds; logout tokens live two minutes. */
const longestToken = Math.max(lifetimeSettings.accessToken.max, lifetimeSettings.idToken.max)

export function composeKeys(ground: Pick<Ground, 'documents' | 'keyring' | 'clock' | 'log'>): Keys {
  const { documents, keyring, clock, log } = ground
  const store = createSigningKeyStore(documents)
  const organisations = createOrganisationStore(documents)
  const chosenBy = async (organisation: string): Promise<Lifetimes> =>
    resolveLifetimes((await organisations.findById(organisation))?.lifetimes)
  const rotationOf = async (id: string): Promise<number> => (await chosenBy(id)).keyRotation
  const parts = { store, keyring, clock, log, rotationOf }
  const audit = createAudit({ store: createAuditStore(documents), clock })
  const usesOf = async (id: string): Promise<KeyUses> => ({
    tokens: longestToken,
    hints: (await chosenBy(id)).sessionAbsolute,
  })
  return {
    signingKeys: createSigningKeys(parts),
    rotation: createKeyRotation({ ...parts, audit: audit.record, usesOf }),
    watch: (onMade) => watchKeys({ store, onMade, clock, log }),
  }
}
