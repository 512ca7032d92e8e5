// Who gets a code where sign-up is closed: who has an account, customers whom the business knows, and its operators.

import type { AccountStore } from '../../../stores/accounts.ts'
import type { CustomerStore } from '../../../stores/customers.ts'
import { CONSOLE_CLIENT_ID } from '../clients/console-client.ts'

/** Whether somebody with this normalised address is known to the organisation, or to its console when that asks. */
export type IsKnown = (who: {
  organisation: string
  email: string
  client: string
}) => Promise<boolean>

export function createAdmission(parts: {
  accounts: Pick<AccountStore, 'findByEmail'>
  customers: Pick<CustomerStore, 'findByEmail'>
  /** Whether the address is an operator, or invited to be one. */
  isExpected(email: string): Promise<boolean>
}): IsKnown {
  return async ({ organisation, email, client }) => {
    // All of them every time, so that the answer takes as long for one address as for another.
    const found = await Promise.all([
      parts.accounts.findByEmail(organisation, email),
      parts.customers.findByEmail(organisation, email),
      // Only they: an account that a stranger made there would open every other door.
      client === CONSOLE_CLIENT_ID && parts.isExpected(email),
    ])
    return found.some(Boolean)
  }
}
