// Erasing a customer: what is about the person goes, what is about the trade stays without them.

import type { CustomerStore } from '../../stores/customers.ts'
import type { EnquiryStore } from '../../stores/enquiries.ts'
import type { By } from '../audit/audit.ts'
import type { CustomerRef } from './customers.ts'

/** Nothing happens when there is none. Throws `StoreUnavailable`; then it can be done again. */
export type EraseCustomer = (organisation: string, id: string, by: By) => Promise<void>

export function createCustomerErasure(parts: {
  store: Pick<CustomerStore, 'remove'>
  enquiries: Pick<EnquiryStore, 'removeOf'>
  /** What this process remembers of the customer. */
  forget(ref: CustomerRef): void
  audit(
    entry: By & { organisation: string; action: 'customer.erased'; target: string },
  ): Promise<void>
}): EraseCustomer {
  return async (organisation, id, by) => {
    // People write into a question what they like. Orders and bookings hold nothing of the person but this id,
    // which from now on is nobody's.
    await parts.enquiries.removeOf(organisation, id)
    const isRemoved = await parts.store.remove(organisation, id)
    parts.forget({ organisation, customer: id })
    if (isRemoved) await parts.audit({ organisation, action: 'customer.erased', ...by, target: id })
  }
}
