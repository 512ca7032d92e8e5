// Operators, their invitations and API keys, joined to their stores and to the mail.

import type { Message } from '../emails/message.ts'
import { operatorInvitationMail } from '../emails/operator-invitation.ts'
import { createAudit } from '../services/audit/audit.ts'
import { type ApiKeys, createApiKeys } from '../services/operators/api-keys.ts'
import { type ConsoleAccess, createConsoleAccess } from '../services/operators/console-access.ts'
import { createInvitations, type Invitations } from '../services/operators/invitations.ts'
import { createOperatorTrail } from '../services/operators/operator-trail.ts'
import { createOperators, type Operators } from '../services/operators/operators.ts'
import { createIssuers } from '../services/organisations/issuers.ts'
import type { Organisations } from '../services/organisations/organisations.ts'
import { createCursors } from '../shared/cursors.ts'
import { createApiKeyStore } from '../stores/api-keys.ts'
import { createAuditStore } from '../stores/audit.ts'
import { createInvitationStore } from '../stores/invitations.ts'
import { createOperatorStore } from '../stores/operators.ts'
import type { Ground } from './ground.ts'

export function composeConsoleAccess({
  documents,
  clock,
}: Pick<Ground, 'documents' | 'clock'>): ConsoleAccess {
  return createConsoleAccess({
    operators: createOperatorStore(documents),
    invitations: createInvitationStore(documents),
    clock,
  })
}

export function composeOperators(
  ground: Pick<Ground, 'documents' | 'keyring' | 'random' | 'clock'> & { baseUrl: string },
  parts: {
    organisations: Organisations
    sendMail(message: Message, expiresAt: number): Promise<void>
  },
): { operators: Operators; invitations: Invitations; apiKeys: ApiKeys } {
  const { documents, keyring, random, clock, baseUrl } = ground
  const { organisations, sendMail } = parts
  const audit = createAudit({ store: createAuditStore(documents), clock })
  const store = createOperatorStore(documents)
  const shared = {
    cursors: createCursors(keyring),
    trail: createOperatorTrail({ audit, organisations }),
    clock,
  }
  return {
    apiKeys: createApiKeys({ ...shared, store: createApiKeyStore(documents), keyring, random }),
    operators: createOperators({ ...shared, store }),
    invitations: createInvitations({
      ...shared,
      store: createInvitationStore(documents),
      operators: store,
      organisations,
      issuerOf: createIssuers({ baseUrl, organisations }).issuerOf,
      writeMail: operatorInvitationMail,
      sendMail,
      baseUrl,
      random,
    }),
  }
}
