// Writing the audit log: one closed list of actions, one row each.

import type { Clock } from '../../shared/clock.ts'
import { newId } from '../../shared/ids.ts'
import type { AuditEntry, AuditStore } from '../../stores/audit.ts'

/** `noun.verb`, past tense; a released name is never changed. */
export type AuditAction =
  | 'account.created'
  | 'account.signed-in'
  | 'account.disabled'
  | 'account.enabled'
  | 'address.locked'
  | 'client.back-channel-changed'
  | 'client.created'
  | 'client.keys-replaced'
  | 'grant.replayed'
  | 'guesses.stopped'
  | 'key.rotated'
  | 'key.withdrawn'
  | 'logout.resent'
  | 'mails.stopped'
  | 'reviewer.locked'
  | 'reviewer.removed'
  | 'reviewer.set'
  | 'reviewer.signed-in'
  | 'session.ended'
  | 'operator.added'
  | 'operator.invitation-withdrawn'
  | 'operator.invited'
  | 'operator.joined'
  | 'operator.removed'
  | 'operator.role-changed'
  | 'organisation.created'
  | 'organisation.host-set'
  | 'organisation.settings-changed'

export type Audit = {
  /** Returns when the row is kept. Holds no secret and no address of a person: ids only. */
  record(entry: Omit<AuditEntry, '_id' | 'at' | 'action'> & { action: AuditAction }): Promise<void>
}

export function createAudit(parts: { store: AuditStore; clock: Clock }): Audit {
  const { store, clock } = parts
  return {
    record: (entry) => store.insert({ _id: newId('aud', clock), at: clock.now(), ...entry }),
  }
}
