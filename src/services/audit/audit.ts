// Writing the audit log: one row for each action.

import type { AuditAction } from '@foyer/contract'
import type { Clock } from '../../shared/clock.ts'
import { newId } from '../../shared/ids.ts'
import type { AuditEntry, AuditStore } from '../../stores/audit.ts'
import { changedFields } from './audit-changes.ts'

/** Who did something: an operator, an API key or `command-line`; from which address, by which request. */
export type By = Pick<AuditEntry, 'actor' | 'source' | 'request'>

export type Audit = {
  /**
   * Returns when the row is kept. Holds no secret and no address of a person: ids only. Of `before` and
   * `after` (the whole thing, as it was and as it is) the row keeps what changed and may be read by everyone.
   */
  record(
    entry: Pick<AuditEntry, 'organisation' | 'actor' | 'target' | 'source' | 'request'> & {
      action: AuditAction
      before?: object | undefined
      after?: object | undefined
    },
  ): Promise<void>
}

export function createAudit(parts: { store: AuditStore; clock: Clock }): Audit {
  const { store, clock } = parts
  return {
    async record({ before, after, ...entry }) {
      const at = clock.now()
      const changes = before || after ? changedFields(before, after) : {}
      await store.insert({ _id: newId('aud', { now: () => at }), at, ...entry, ...changes })
    },
  }
}
