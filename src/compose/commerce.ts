// Customers and what they did, joined to their stores.

import { createCustomers } from '../services/commerce/customers.ts'
import { createHistory } from '../services/commerce/history.ts'
import { createBookingStore } from '../stores/bookings.ts'
import { createCustomerStore } from '../stores/customers.ts'
import { createEnquiryStore } from '../stores/enquiries.ts'
import { createOrderStore } from '../stores/orders.ts'
import type { Ground } from './ground.ts'

export type Commerce = ReturnType<typeof composeCommerce>

export function composeCommerce({ documents, keyring, clock }: Ground) {
  return {
    customers: createCustomers({ store: createCustomerStore(documents), clock }),
    history: createHistory({
      orders: createOrderStore(documents),
      bookings: createBookingStore(documents),
      enquiries: createEnquiryStore(documents),
      keyring,
    }),
  }
}
