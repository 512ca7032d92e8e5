// The audit rows of operators: those of the platform stand with the default organisation's.

import type { AuditEntry } from '../../stores/audit.ts'
import { PLATFORM } from '../../stores/operator-roles.ts'
import type { Audit, AuditAction } from './audit.ts'
import type { Organisations } from './organisations.ts'
import type { Role } from './roles.ts'

type Entry = Pick<AuditEntry, 'actor' | 'target' | 'source' | 'request'> & {
  action: Extract<AuditAction, `operator.${string}`>
  before?: { role: Role }
  after?: { role: Role }
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
