// Linking a customer to an account and taking the two apart, each on the condition that nothing changed.

import type { Clock } from '../../shared/clock.ts'
import { AppError, invalidField } from '../../shared/errors.ts'
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

  /** Tries a change of a link; says why when it cannot be made. */
  async function changeLink(
    act: Act,
    run: { account: string; change(): Promise<boolean>; refusal(): Promise<AppError> },
  ): Promise<void> {
    if (!(await run.change())) {
      await requireAt(act)
      throw await run.refusal()
    }
    parts.forgetAccount(run.account)
  }

  return {
    async link(act: Act, account: string): Promise<void> {
      const { organisation, id, by, version } = act
      await requireAt(act)
      const known = await accounts.findById(organisation, account)
      if (!known) throw invalidField('account_id', 'it is no account')
      if (known.customer === id) return
      await changeLink(act, {
        account,
        change: () => links.link({ organisation, customer: id, account, version }),
        refusal: async () =>
          new AppError('conflict', {
            message: (await accounts.findByCustomer(organisation, id))
              ? 'The customer is linked to another account'
              : 'The account is linked to another customer',
          }),
      })
      const action = 'customer.linked'
      await audit({ organisation, action, ...by, target: id, after: { account } })
    },

    async unlink(act: Act): Promise<void> {
      const { organisation, id, by, version } = act
      await requireAt(act)
      const notLinked = new AppError('conflict', {
        message: 'The customer is linked to no account',
      })
      const account = (await accounts.findByCustomer(organisation, id))?._id
      if (account === undefined) throw notLinked
      const at = clock.now()
      await changeLink(act, {
        account,
        change: () => links.unlink({ organisation, customer: id, account, version, at }),
        refusal: async () => notLinked,
      })
      const action = 'customer.unlinked'
      await audit({ organisation, action, ...by, target: id, before: { account } })
    },
  }
}
