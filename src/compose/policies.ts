// Policies and what is accepted of them, joined to their stores and to the audit log.

import { frameOf } from '../../interactions/frame.ts'
import { markdownHtml } from '../../interactions/pages/markdown.ts'
import { policyPage } from '../../interactions/pages/policy.ts'
import type { DrawPolicyPreview } from '../routes/admin-api/policies.ts'
import { createAudit } from '../services/audit/audit.ts'
import { CONSOLE_CLIENT_ID } from '../services/identity/clients/console-client.ts'
import { type Agreements, createAgreements } from '../services/identity/sign-in/agreements.ts'
import type { Issuers } from '../services/organisations/issuers.ts'
import type { Organisations } from '../services/organisations/organisations.ts'
import { createPolicies, type Policies } from '../services/organisations/policies.ts'
import type { Clock } from '../shared/clock.ts'
import { createCursors } from '../shared/cursors.ts'
import { createAuditStore } from '../stores/audit.ts'
import { createPolicyStore } from '../stores/policies.ts'
import { createPolicyAcceptanceStore } from '../stores/policy-acceptances.ts'
import type { Ground } from './ground.ts'

export function composeAgreements(
  { documents, ephemeral, keyring, clock }: Ground,
  policies: Policies,
): Agreements {
  const store = createPolicyAcceptanceStore(documents)
  const findVersion = policies.find
  return createAgreements({
    store,
    findVersion,
    console: CONSOLE_CLIENT_ID,
    ephemeral,
    keyring,
    clock,
  })
}

export function composePolicies(
  { documents, keyring, clock }: Pick<Ground, 'documents' | 'keyring' | 'clock'>,
  organisations: Organisations,
): Policies {
  const audit = createAudit({ store: createAuditStore(documents), clock })
  return createPolicies({
    store: createPolicyStore(documents),
    organisations,
    cursors: createCursors(keyring),
    audit,
    clock,
  })
}

/** Without what a frame of the console cannot show or should not lead to: pictures, languages and links. */
export function composePolicyPreview(
  { issuerOf }: Pick<Issuers, 'issuerOf'>,
  clock: Clock,
): DrawPolicyPreview {
  return (organisation, { kind, locale, text, number }) => {
    const { look, ...frame } = frameOf({ organisation, issuer: issuerOf(organisation), locale })
    return policyPage({
      ...frame,
      ...(look && { look: { ...look, pictures: {} } }),
      policies: [],
      support: [],
      kind,
      number,
      text: markdownHtml(text),
      textLocale: locale,
      publishedAt: clock.now(),
      timeZone: organisation.timeZone,
    })
  }
}
