// Whether an account may be used: disabling one, which ends all that it has, and enabling it again.

import type { Clock } from '../../../shared/clock.ts'
import { parseEmailAddress } from '../../../shared/email-address.ts'
import type { Account, AccountStore } from '../../../stores/accounts.ts'
import type { By } from '../../audit/audit.ts'
import type { Denials } from '../sessions/denials.ts'
import type { Sessions } from '../sessions/sessions.ts'

/** Each answers `undefined` when the organisation has no such account, and throws `StoreUnavailable`; then it can be done again. */
export type AccountStanding = {
  /** From now on nobody signs in to it; every session and grant of it ends. */
  disable(organisation: string, id: string, by: By): Promise<Account | undefined>
  /** From now on its owner can sign in again; what was ended stays ended. */
  enable(organisation: string, id: string, by: By): Promise<Account | undefined>
  findByEmail(organisation: string, email: string): Promise<Account | undefined>
}

export function createAccountStanding(parts: {
  store: AccountStore
  sessions: Pick<Sessions, 'endAll'>
  denials: Pick<Denials, 'deny' | 'lift'>
  audit(
    entry: By & {
      organisation: string
      action: 'account.disabled' | 'account.enabled'
      target: string
    },
  ): Promise<void>
  clock: Clock
}): AccountStanding {
  const { store, sessions, denials, audit, clock } = parts

  return {
    // First nothing new begins, then what there is ends.
    async disable(organisation, id, by) {
      const account = await store.disable(organisation, id, clock.now())
      if (!account) return undefined
      await denials.deny(organisation, 'account', id)
      await sessions.endAll({ organisation, account: id }, by)
      await audit({ organisation, action: 'account.disabled', ...by, target: id })
      return account
    },

    async enable(organisation, id, by) {
      // What another process let in while it did not know yet: it would come to life.
      await sessions.endAll({ organisation, account: id }, by)
      const account = await store.enable(organisation, id)
      if (!account) return undefined
      await denials.lift(organisation, 'account', id)
      await audit({ organisation, action: 'account.enabled', ...by, target: id })
      return account
    },

    async findByEmail(organisation, text) {
      const email = parseEmailAddress(text)
      return email && store.findByEmail(organisation, email.normalised)
    },
  }
}
