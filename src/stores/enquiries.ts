// Enquiries: questions that a customer sent.

import type { EnquiryStatus } from '@foyer/contract'
import { type CustomerList, createCustomerList } from './customer-list.ts'
import type { CollectionSpec, Documents } from './documents.ts'

export type EnquiryRecord = {
  /** `enq_…` */
  _id: string
  organisation: string
  customer: string
  subject: string
  message: string
  status: EnquiryStatus
  createdAt: number
  reply?: { message: string; at: number }
}

export const enquiriesCollection: CollectionSpec = {
  name: 'enquiries',
  indexes: [
    {
      name: 'time',
      keys: [
        ['organisation', 1],
        ['customer', 1],
        ['createdAt', -1],
        ['_id', -1],
      ],
    },
  ],
}

export type EnquiryStore = CustomerList<EnquiryRecord>

export function createEnquiryStore(documents: Documents): EnquiryStore {
  return createCustomerList<EnquiryRecord>(documents, enquiriesCollection, 'createdAt')
}
