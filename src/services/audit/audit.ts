// Writing the audit log: one closed list of actions, one row each.

import type { Clock } from '../../shared/clock.ts'
import { newId } from '../../shared/ids.ts'
import type { AuditEntry, AuditStore } from '../../stores/audit.ts'
import { changedFields } from './audit-changes.ts'

/** `noun.verb`, past tense; a released name is never changed. */
export const auditActions = [
  'account.created',
  'account.disabled',
  'account.enabled',
  'account.erased',
  'account.permission-removed',
  'account.signed-in',
  'account.signed-out',
  'address.locked',
  'api-key.created',
  'api-key.revoked',
  'brand.draft-changed',
  'brand.picture-changed',
  'brand.published',
  'client.changed',
  'client.created',
  'client.disabled',
  'client.enabled',
  'client.keys-replaced',
  'client.removed',
  'client.secret-added',
  'client.secret-revoked',
  'customer.changed',
  'customer.created',
  'customer.erased',
  'customer.linked',
  'customer.unlinked',
  'grant.replayed',
  'guesses.stopped',
  'key.rotated',
  'key.withdrawn',
  'logout.resent',
  'mails.stopped',
  'operator.added',
  'operator.invitation-withdrawn',
  'operator.invited',
  'operator.joined',
  'operator.removed',
  'operator.role-changed',
  'organisation.changed',
  'organisation.created',
  'organisation.host-released',
  'organisation.host-set',
  'organisation.purged',
  'organisation.removed',
  'organisation.restored',
  'organisation.settings-changed',
  'policy.draft-changed',
  'policy.published',
  'registration-token.created',
  'registration-token.revoked',
  'registration.changed',
  'reviewer.locked',
  'reviewer.removed',
  'reviewer.set',
  'reviewer.signed-in',
  'session.ended',
  'session.handed-on',
] as const
export type AuditAction = (typeof auditActions)[number]

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
