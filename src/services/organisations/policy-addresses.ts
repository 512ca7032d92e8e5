// Where an organisation's policies are read.

import { type PolicyKind, type PolicyLink, policyKinds } from '../../shared/policy-kinds.ts'
import type { Organisation } from '../../stores/organisations.ts'

/** The page of a policy: its newest version, or the one of this number. */
export function policyAddress(issuer: string, kind: PolicyKind, number?: number): string {
  return `${issuer}/policies/${kind}${number === undefined ? '' : `/${number}`}`
}

/** Links to what is published; no store is asked. */
export function policyLinks(
  issuer: string,
  { policies = {} }: Pick<Organisation, 'policies'>,
): PolicyLink[] {
  return policyKinds
    .filter((kind) => policies[kind])
    .map((kind) => ({ kind, href: policyAddress(issuer, kind) }))
}
