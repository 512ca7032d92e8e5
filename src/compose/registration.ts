// Dynamic registration joined to its stores, to operators' work on clients, and to the engine.

import { clientMetadata } from '../../adapters/oidc/client-model.ts'
import { inEngineTerms } from '../../adapters/oidc/outages.ts'
import { REGISTRATION_POLICY } from '../../adapters/oidc/registration-models.ts'
import type { RegistrationParts } from '../provider/registration.ts'
import { oidcScopes } from '../provider/resources.ts'
import { createAudit } from '../services/audit/audit.ts'
import type { Clients } from '../services/identity/clients/clients.ts'
import {
  createDynamicClients,
  type DynamicClients,
} from '../services/identity/clients/dynamic-clients.ts'
import { createRegistration, type Registration } from '../services/identity/clients/registration.ts'
import { resolveRegistration } from '../services/identity/clients/registration-policy.ts'
import type { Organisations } from '../services/organisations/organisations.ts'
import { createCursors } from '../shared/cursors.ts'
import { newId } from '../shared/ids.ts'
import type { Keyring } from '../shared/secrets.ts'
import { createAuditStore } from '../stores/audit.ts'
import { createClientStore } from '../stores/clients.ts'
import type { Organisation } from '../stores/organisations.ts'
import { createRegistrationTokenStore } from '../stores/registration.ts'
import type { Ground } from './ground.ts'
import type { Identity } from './identity.ts'

/** What the engine takes for the secret of a client that has one: it verifies nothing. */
export function placeholderSecretOf(keyring: Keyring, clientId: string): string {
  return keyring.digest('client-secret-placeholder', clientId)
}

type Stores = Pick<Ground, 'documents' | 'keyring' | 'random' | 'clock'>

/** What operators do, for the server and for the command line. */
export function composeRegistration(ground: Stores, organisations: Organisations): Registration {
  const { documents, keyring, random, clock } = ground
  return createRegistration({
    organisations,
    tokens: createRegistrationTokenStore(documents),
    audit: createAudit({ store: createAuditStore(documents), clock }),
    cursors: createCursors(keyring),
    random,
    clock,
  })
}

/** What an engine of the organisation needs to let applications register; `undefined` where that is off. */
export function registrationPartsOf(
  { clock, keyring }: Ground,
  clients: DynamicClients,
  { verifySecret }: Pick<Clients, 'verifySecret'>,
) {
  const outage = inEngineTerms(clients)
  return (organisation: Organisation): RegistrationParts | undefined => {
    if (!resolveRegistration(organisation.registration).isOn) return undefined
    return {
      organisation,
      clients: outage,
      metadataOf: (client) => clientMetadata(client, placeholderSecretOf(keyring, client._id)),
      verifyClientSecret: verifySecret,
      newClientId: () => newId('cli', clock),
      policy: REGISTRATION_POLICY,
    }
  }
}

/** What applications do. */
export function composeDynamicClients(
  ground: Ground,
  { clientAdministration }: Pick<Identity, 'clientAdministration'>,
): DynamicClients {
  const { documents, clock } = ground
  return createDynamicClients({
    store: createClientStore(documents),
    tokens: createRegistrationTokenStore(documents),
    administration: clientAdministration,
    openidScopes: oidcScopes,
    clock,
  })
}
