// Erasing an account: everything that is kept of somebody who signs in, and of what they gave and got.

import type { Clock } from '../../../shared/clock.ts'
import type { Account, AccountStore } from '../../../stores/accounts.ts'
import type { PermissionStore } from '../../../stores/permissions.ts'
import type { PolicyAcceptanceStore } from '../../../stores/policy-acceptances.ts'
import type { RelyingPartySessionStore } from '../../../stores/relying-party-sessions.ts'
import type { By } from '../../audit/audit.ts'
import type { GuessBudgets } from '../limits/guess-budget.ts'
import type { Denials } from '../sessions/denials.ts'
import type { Sessions } from '../sessions/sessions.ts'

/** Throws `StoreUnavailable`; then it can be done again. */
export type EraseAccount = (account: Account, by: By) => Promise<void>

export type AccountErasureParts = {
  store: Pick<AccountStore, 'disable' | 'remove'>
  sessions: Pick<Sessions, 'endAll'>
  denials: Pick<Denials, 'deny'>
  permissions: Pick<PermissionStore, 'removeOf'>
  acceptances: Pick<PolicyAcceptanceStore, 'removeOf'>
  /** Of the house's own relying parties: they hold tokens with the address, sealed. */
  relyingPartySessions: Pick<RelyingPartySessionStore, 'removeOf'>
  budgets: Pick<GuessBudgets, 'forget'>
  /** What this process remembers of the account. */
  forget(id: string): void
  audit(
    entry: By & { organisation: string; action: 'account.erased'; target: string },
  ): Promise<void>
  clock: Clock
}

export function createAccountErasure(parts: AccountErasureParts): EraseAccount {
  const { store, sessions, denials, permissions, acceptances, budgets, clock } = parts

  return async ({ _id: id, organisation, email }, by) => {
    // First nothing new begins. The account's row goes last: should anything before it fail, whoever tries again
    // finds the account, and does all of it once more.
    await store.disable(organisation, id, clock.now())
    await denials.deny(organisation, 'account', id)
    await sessions.endAll({ organisation, account: id }, by)
    await Promise.all([
      permissions.removeOf(organisation, id),
      acceptances.removeOf(organisation, id),
      parts.relyingPartySessions.removeOf(organisation, id),
      budgets.forget({ organisation, email }),
    ])
    const isRemoved = await store.remove(organisation, id)
    parts.forget(id)
    // What another process let in while it did not know yet.
    await sessions.endAll({ organisation, account: id }, by)
    await permissions.removeOf(organisation, id)
    if (isRemoved) await parts.audit({ organisation, action: 'account.erased', ...by, target: id })
  }
}
