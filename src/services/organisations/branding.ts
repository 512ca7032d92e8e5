// What pages and mails need to know of an organisation: its brand, and where its policies and its help are, worked out once for each.

import { type Look, lookOf } from '../../shared/look.ts'
import type { PolicyLink } from '../../shared/policy-kinds.ts'
import { type SupportLink, supportLinks } from '../../shared/support.ts'
import type { Organisation } from '../../stores/organisations.ts'
import { policyLinks } from './policy-addresses.ts'

export type Branding = {
  /** The business, as customers read it. */
  brand: string
  /** Left out: the house's own. */
  look?: Look
  policies: readonly PolicyLink[]
  support: readonly SupportLink[]
}

/**
 * Kept with the organisation itself, which is another object once anything of it has changed: so a brand is
 * as fresh as its organisation, is never another's, and costs a request nothing.
 */
const known = new WeakMap<Organisation, Branding>()

/** `issuer` is the organisation's own. */
export function brandingOf(organisation: Organisation, issuer: string): Branding {
  const remembered = known.get(organisation)
  if (remembered) return remembered
  const { name, brand } = organisation
  const branding = {
    brand: name,
    ...(brand && { look: lookOf(brand, issuer) }),
    policies: policyLinks(issuer, organisation),
    support: supportLinks(organisation),
  }
  known.set(organisation, branding)
  return branding
}
