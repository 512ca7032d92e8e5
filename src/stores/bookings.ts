// Bookings: what a customer reserved, past and to come.

import type { BookingStatus, Money } from '@foyer/contract'
import { type CustomerList, createCustomerList } from './customer-list.ts'
import type { CollectionSpec, Documents } from './documents.ts'

export type BookingRecord = {
  /** `bkg_…` */
  _id: string
  organisation: string
  customer: string
  service: string
  status: BookingStatus
  startsAt: number
  endsAt: number
  /** IANA zone of the place. */
  timeZone: string
  location: string
  staff?: string
  guests: number
  price: Money
  createdAt: number
}

export const bookingsCollection: CollectionSpec = {
  name: 'bookings',
  indexes: [
    {
      name: 'time',
      keys: [
        ['organisation', 1],
        ['customer', 1],
        ['startsAt', -1],
        ['_id', -1],
      ],
    },
  ],
}

export type BookingStore = CustomerList<BookingRecord>

export function createBookingStore(documents: Documents): BookingStore {
  return createCustomerList<BookingRecord>(documents, bookingsCollection, 'startsAt')
}
