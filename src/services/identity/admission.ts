// Who gets a code where sign-up is closed: who has an account, and customers whom the business knows.

import type { AccountStore } from '../../stores/accounts.ts'
import type { CustomerStore } from '../../stores/customers.ts'

/** Whether somebody with this normalised address is known to the organisation. */
export type IsKnown = (who: { organisation: string; email: string }) => Promise<boolean>

export function createAdmission(parts: {
  accounts: Pick<AccountStore, 'findByEmail'>
  customers: Pick<CustomerStore, 'findByEmail'>
}): IsKnown {
  return async ({ organisation, email }) => {
    // Both every time, so that the answer takes as long for one address as for another.
    const found = await Promise.all([
      parts.accounts.findByEmail(organisation, email),
      parts.customers.findByEmail(organisation, email),
    ])
    return found.some((each) => each !== undefined)
  }
}
