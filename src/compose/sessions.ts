// Ending sessions, joined to the engine's grants: the same for the server and the command line.

import { revokeGrant, revokeGrantsOf } from '../../adapters/oidc/grants.ts'
import type { Recent } from '../../adapters/oidc/recent.ts'
import type { Audit } from '../services/audit/audit.ts'
import type { Clients } from '../services/identity/clients/clients.ts'
import type { Denials } from '../services/identity/sessions/denials.ts'
import type { LogoutNotices } from '../services/identity/sessions/logout-notices.ts'
import { createSessions, type Sessions } from '../services/identity/sessions/sessions.ts'
import type { Clock } from '../shared/clock.ts'
import type { Keyring } from '../shared/secrets.ts'
import { createAccountStore } from '../stores/accounts.ts'
import type { Documents } from '../stores/documents.ts'
import { createSessionStore } from '../stores/sessions.ts'

export function composeSessions(parts: {
  documents: Documents
  keyring: Keyring
  clock: Clock
  recent: Pick<Recent, 'forget'>
  clients: Pick<Clients, 'find'>
  denials: Pick<Denials, 'deny'>
  notices: LogoutNotices
  audit: Audit
}): Sessions {
  const { documents, recent, clients, denials } = parts
  const endingIn = (organisation: string) => ({
    organisation,
    documents,
    recent,
    onGrantEnded: (grantId: string) => denials.deny(organisation, 'grant', grantId),
  })
  return createSessions({
    ...parts,
    store: createSessionStore(documents),
    accounts: createAccountStore(documents),
    grants: {
      end: (organisation, id) => revokeGrant(endingIn(organisation), id),
      endAll: (organisation, account) => revokeGrantsOf(endingIn(organisation), account),
    },
    forget: recent.forget,
    findClient: clients.find,
    audit: parts.audit.record,
  })
}
