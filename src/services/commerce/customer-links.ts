// Linking a customer to an account and taking the two apart, each on the condition that nothing changed.

import type { Clock } from '../../shared/clock.ts'
import { AppError, invalidField } from '../../shared/errors.ts'
import { changeAsRead } from '../../shared/versions.ts'
import type { AccountStore } from '../../stores/accounts.ts'
import type { LinkStore } from '../../stores/links.ts'
import type { Audit, By } from '../audit/audit.ts'

type Act = { organisation: string; id: string; by: By; version?: number | undefined }

export type CustomerLinksParts = {
  accounts: Pick<AccountStore, 'findById' | 'findByCustomer'>
  links: LinkStore
  /** What this process remembers of an account. */
  forgetAccount(id: string): void
  audit: Audit['record']
  clock: Clock
}

/** `requireAt` throws when the customer is gone, or has another version than the one that was seen. */
export function createCustomerLinks(
  parts: CustomerLinksParts,
  requireAt: (act: Act) => Promise<unknown>,
) {
  const { accounts, links, audit, clock } = parts

  const done = (account: string): { account: string } => {
    parts.forgetAccount(account)
    return { account }
  }

  return {
    async link(act: Act, account: string): Promise<void> {
      const { organisation, id, by, version } = act
      const after = await changeAsRead(undefined, async () => {
        const known = await accounts.findById(organisation, account)
        const other = await accounts.findByCustomer(organisation, id)
        await requireAt(act) // last: whoever links or unlinks counts the version up
        if (!known) throw invalidField('account_id', 'it is no account')
        // Read one after the other: a link that was made in between is seen by the second alone.
        if (known.customer === id || other?._id === account) return {}
        if (other) throw refused('The customer is linked to another account')
        if (known.customer) throw refused('The account is linked to another customer')
        const isLinked = await links.link({ organisation, customer: id, account, version })
        return isLinked ? done(account) : undefined
      })
      if ('account' in after)
        await audit({ organisation, action: 'customer.linked', ...by, target: id, after })
    },

    async unlink(act: Act): Promise<void> {
      const { organisation, id, by, version } = act
      const before = await changeAsRead(undefined, async () => {
        const account = (await accounts.findByCustomer(organisation, id))?._id
        await requireAt(act) // last, as above
        if (account === undefined) throw refused('The customer is linked to no account')
        const at = clock.now()
        const isUnlinked = await links.unlink({ organisation, customer: id, account, version, at })
        return isUnlinked ? done(account) : undefined
      })
      await audit({ organisation, action: 'customer.unlinked', ...by, target: id, before })
    },
  }
}

function refused(message: string): AppError {
  return new AppError('conflict', { message })
}
