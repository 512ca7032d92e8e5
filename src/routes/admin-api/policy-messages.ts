// Policies in the words of the Admin API, which the command line prints as well.

import { policyAddress } from '../../services/organisations/policy-addresses.ts'
import type { PolicyState } from '../../services/organisations/policy-drafts.ts'
import { instantOf } from '../../shared/instants.ts'
import { locales } from '../../shared/locale.ts'
import type { Organisation } from '../../stores/organisations.ts'
import type { PolicyVersion } from '../../stores/policies.ts'

export function policyVersionData(version: PolicyVersion, issuer: string) {
  return {
    kind: version.kind,
    number: version.number,
    languages: locales.filter((locale) => version.texts[locale] !== undefined),
    sha256: version.hashes,
    needs_acceptance: version.needsAcceptance,
    repeats: version.repeats ?? null,
    published_at: instantOf(version.publishedAt),
    published_by: version.publishedBy,
    address: policyAddress(issuer, version.kind, version.number),
  }
}

export function policyData(
  { kind, current, draft }: PolicyState,
  { organisation, issuer }: { organisation: Organisation; issuer: string },
) {
  const { asksAcceptance = [] } = organisation
  return {
    kind,
    current: current ? policyVersionData(current, issuer) : null,
    asked: asksAcceptance.some((each) => each === kind),
    drafted: locales.filter((locale) => draft?.texts[locale] !== undefined),
    draft_version: draft?.version ?? 0,
  }
}
