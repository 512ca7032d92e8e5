// Orders: what a customer bought.

import type { Money, OrderStatus } from '@foyer/contract'
import { type CustomerList, createCustomerList } from './customer-list.ts'
import type { CollectionSpec, Documents } from './documents.ts'

export type OrderRecord = {
  /** `ord_…` */
  _id: string
  organisation: string
  customer: string
  /** As the business counts them. */
  number: string
  status: OrderStatus
  placedAt: number
  lines: { description: string; quantity: number; unitPrice: Money; total: Money }[]
  subtotal: Money
  tax: Money
  total: Money
}

export const ordersCollection: CollectionSpec = {
  name: 'orders',
  indexes: [
    {
      name: 'time',
      keys: [
        ['organisation', 1],
        ['customer', 1],
        ['placedAt', -1],
        ['_id', -1],
      ],
    },
  ],
}

export type OrderStore = CustomerList<OrderRecord>

export function createOrderStore(documents: Documents): OrderStore {
  return createCustomerList<OrderRecord>(documents, ordersCollection, 'placedAt')
}
