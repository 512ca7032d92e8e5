// Operators' work on clients, joined to the engine's grants: beside a running server, on its documents alone.

import { countGrantsOfClient, revokeGrantsOfClient } from '../../adapters/oidc/grants.ts'
import type { Audit } from '../services/audit/audit.ts'
import {
  type ClientAdministration,
  createClientAdministration,
} from '../services/identity/clients/client-administration.ts'
import type { Clients } from '../services/identity/clients/clients.ts'
import type { Denials } from '../services/identity/sessions/denials.ts'
import type { Clock } from '../shared/clock.ts'
import type { OutgoingRules } from '../shared/outgoing.ts'
import type { Keyring, Random } from '../shared/secrets.ts'
import { createClientStore } from '../stores/clients.ts'
import type { Documents } from '../stores/documents.ts'

export function composeClientAdministration(parts: {
  documents: Documents
  clients: Clients
  denials: Pick<Denials, 'deny'>
  /** What the process remembers of grants is forgotten with each that ends. */
  recent: { forget(): Promise<void> }
  audit: Audit
  keyring: Keyring
  clock: Clock
  random: Random
  outgoing: OutgoingRules
}): ClientAdministration {
  const { documents, denials, recent, clock } = parts
  return createClientAdministration({
    ...parts,
    store: createClientStore(documents),
    grants: {
      count: (organisation, client) =>
        countGrantsOfClient({ organisation, documents, clock }, client),
      endAll: (organisation, client) =>
        revokeGrantsOfClient(
          {
            organisation,
            documents,
            recent,
            onGrantEnded: (grantId) => denials.deny(organisation, 'grant', grantId),
          },
          client,
        ),
    },
    audit: parts.audit.record,
  })
}
