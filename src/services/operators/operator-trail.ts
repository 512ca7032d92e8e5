// The audit rows of operators and API keys: those of the platform stand with the default organisation's.

import type { AuditAction } from '@foyer/contract'
import type { ApiKey } from '../../stores/api-keys.ts'
import type { AuditEntry } from '../../stores/audit.ts'
import { PLATFORM } from '../../stores/operator-roles.ts'
import type { Audit } from '../audit/audit.ts'
import type { Organisations } from '../organisations/organisations.ts'
import type { Role } from './roles.ts'

type Changed = { role: Role } & Partial<Pick<ApiKey, 'name' | 'scopes' | 'expiresAt'>>
type Entry = Pick<AuditEntry, 'actor' | 'target' | 'source' | 'request'> & {
  action: Extract<AuditAction, `operator.${string}` | `api-key.${string}`>
  before?: Changed
  after?: Changed
}

/** Writes a row for a place: an organisation's id or `PLATFORM`. */
export type OperatorTrail = (place: string, entry: Entry) => Promise<void>

export function createOperatorTrail(parts: {
  audit: Audit
  organisations: Pick<Organisations, 'findDefault'>
}): OperatorTrail {
  return async (place, entry) => {
    // The platform has no log of its own, and who owns it reads the default organisation's.
    const standard = place === PLATFORM ? await parts.organisations.findDefault() : undefined
    await parts.audit.record({ organisation: standard?._id ?? place, ...entry })
  }
}
