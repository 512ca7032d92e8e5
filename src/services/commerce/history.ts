// A customer's history: orders, bookings and enquiries in pages, the newest first.

import type { Booking, Enquiry, Order } from '@foyer/contract'
import { createCursors } from '../../shared/cursors.ts'
import { instantOf } from '../../shared/instants.ts'
import { type Page, type PageRequest, pageBy } from '../../shared/pages.ts'
import type { Keyring } from '../../shared/secrets.ts'
import type { BookingRecord, BookingStore } from '../../stores/bookings.ts'
import type { CustomerList } from '../../stores/customer-list.ts'
import type { Document } from '../../stores/documents.ts'
import type { EnquiryRecord, EnquiryStore } from '../../stores/enquiries.ts'
import type { OrderRecord, OrderStore } from '../../stores/orders.ts'
import type { CustomerRef } from './customers.ts'

export type HistoryRequest = PageRequest & {
  /** Milliseconds since 1970. */
  from?: number | undefined
  to?: number | undefined
  status?: string | undefined
}

/** Each throws `bad_request` for a cursor that is not one of ours, or of another customer or list. */
export type History = {
  orders(ref: CustomerRef, page: HistoryRequest): Promise<Page<Order>>
  bookings(ref: CustomerRef, page: HistoryRequest): Promise<Page<Booking>>
  enquiries(ref: CustomerRef, page: HistoryRequest): Promise<Page<Enquiry>>
}

export function createHistory(parts: {
  orders: OrderStore
  bookings: BookingStore
  enquiries: EnquiryStore
  keyring: Keyring
}): History {
  const cursors = createCursors(parts.keyring)

  async function pageOf<Item extends Document, Shown>(
    list: {
      name: string
      store: CustomerList<Item>
      timeOf(item: Item): number
      show(item: Item): Shown
    },
    ref: CustomerRef,
    { limit, cursor, from, to, status }: HistoryRequest,
  ): Promise<Page<Shown>> {
    const owner = { list: list.name, organisation: ref.organisation, owner: ref.customer }
    const { items, ...page } = await pageBy(
      { cursors, list: owner, limit, cursor },
      (item: Item) => ({ at: list.timeOf(item), id: item._id }),
      (place) =>
        list.store.list({
          ...ref,
          ...place,
          ...(from !== undefined && { from }),
          ...(to !== undefined && { to }),
          ...(status !== undefined && { status }),
        }),
    )
    return { ...page, items: items.map(list.show) }
  }

  const lists = {
    orders: { name: 'orders', store: parts.orders, timeOf: orderTime, show: showOrder },
    bookings: { name: 'bookings', store: parts.bookings, timeOf: bookingTime, show: showBooking },
    enquiries: {
      name: 'enquiries',
      store: parts.enquiries,
      timeOf: enquiryTime,
      show: showEnquiry,
    },
  }
  return {
    orders: (ref, page) => pageOf(lists.orders, ref, page),
    bookings: (ref, page) => pageOf(lists.bookings, ref, page),
    enquiries: (ref, page) => pageOf(lists.enquiries, ref, page),
  }
}

const orderTime = (record: OrderRecord): number => record.placedAt
const bookingTime = (record: BookingRecord): number => record.startsAt
const enquiryTime = (record: EnquiryRecord): number => record.createdAt

function showOrder(record: OrderRecord): Order {
  const { _id, number, status, subtotal, tax, total } = record
  const lines = record.lines.map(({ unitPrice, ...line }) => ({ ...line, unit_price: unitPrice }))
  return {
    id: _id,
    number,
    status,
    placed_at: instantOf(record.placedAt),
    lines,
    subtotal,
    tax,
    total,
  }
}

function showBooking(record: BookingRecord): Booking {
  const { _id, service, status, location, guests, price } = record
  return {
    id: _id,
    service,
    status,
    starts_at: instantOf(record.startsAt),
    ends_at: instantOf(record.endsAt),
    time_zone: record.timeZone,
    location,
    staff: record.staff ?? null,
    guests,
    price,
    created_at: instantOf(record.createdAt),
  }
}

function showEnquiry(record: EnquiryRecord): Enquiry {
  const { _id, subject, message, status, reply } = record
  return {
    id: _id,
    subject,
    message,
    status,
    created_at: instantOf(record.createdAt),
    reply: reply ? { message: reply.message, at: instantOf(reply.at) } : null,
  }
}
