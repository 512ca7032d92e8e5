// Data to look at: forty customers of a house with a spa and a kitchen, the same at every first start.

import type { BookingStatus, EnquiryStatus, Money, OrderStatus } from '@foyer/contract'
import { type Clock, DAY, HOUR, MINUTE } from '../../shared/clock.ts'
import { newId } from '../../shared/ids.ts'
import type { BookingStore } from '../../stores/bookings.ts'
import type { Customer, CustomerStore } from '../../stores/customers.ts'
import type { EnquiryStore } from '../../stores/enquiries.ts'
import type { OrderStore } from '../../stores/orders.ts'
import type { Organisation } from '../../stores/organisations.ts'
import {
  enquiryTexts,
  familyNames,
  givenNames,
  menu,
  staffNames,
  streets,
  treatments,
} from './demo-texts.ts'
import { searchKeysOf } from './profile.ts'

export type DemoDataParts = {
  customers: CustomerStore
  orders: OrderStore
  bookings: BookingStore
  enquiries: EnquiryStore
  clock: Clock
}

const CUSTOMERS = 40
const SEED = 20_261_121
const LOCATION = 'Casa Aurora, 18 Lamb’s Conduit Street, London'
/** Value added tax, contained in the prices. */
const TAX_PERCENT = 20

/** Fills an empty organisation. */
export async function seedDemoData(
  parts: DemoDataParts,
  organisation: Organisation,
): Promise<void> {
  const draw = createDraw(SEED)
  for (let index = 0; index < CUSTOMERS; index += 1) {
    const customer = customerOf(parts.clock, organisation, { index, draw })
    await parts.customers.insert(customer)
    await addOrders(parts, customer, { index, draw })
    await addBookings(parts, customer, { organisation, draw })
    await addEnquiries(parts, customer, { index, draw })
  }
}

/** Chance, the same every time: whole numbers below a limit (mulberry32). */
type Draw = (limit: number) => number

function createDraw(seed: number): Draw {
  let state = seed
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
}

function pick<T>(list: readonly T[], at: number): T {
  const found = list[at % list.length]
  if (found === undefined) throw new TypeError('nothing to pick from')
  return found
}

function customerOf(
  clock: Clock,
  organisation: Organisation,
  { index, draw }: { index: number; draw: Draw },
): Customer {
  const givenName = pick(givenNames, index)
  const familyName = pick(familyNames, index * 7 + 3)
  const email = `${givenName}.${familyName}@example.com`
    .normalize('NFKD')
    .replace(/[^\w.@-]/g, '')
    .toLowerCase()
  const createdAt = clock.now() - (60 + draw(700)) * DAY
  return {
    _id: newId('cus', clock),
    organisation: organisation._id,
    email,
    displayEmail: email,
    givenName,
    familyName,
    ...searchKeysOf({ givenName, familyName }),
    phone: `+44207946${String(draw(1000)).padStart(4, '0')}`, // Ofcom keeps these numbers for drama
    birthDate: `${1955 + draw(50)}-${pad(1 + draw(12))}-${pad(1 + draw(28))}`,
    address: {
      line1: `${1 + draw(180)} ${pick(streets, draw(streets.length))}`,
      city: 'London',
      postalCode: `WC${1 + draw(2)}N ${1 + draw(8)}AA`,
      country: 'GB',
    },
    locale: 'en-GB',
    timeZone: organisation.timeZone,
    version: 1,
    createdAt,
    updatedAt: createdAt,
  }
}

async function addOrders(
  { orders, clock }: DemoDataParts,
  customer: Customer,
  { index, draw }: { index: number; draw: Draw },
): Promise<void> {
  const count = 2 + draw(6)
  for (let at = 0; at < count; at += 1) {
    const lines = Array.from({ length: 1 + draw(3) }, () => {
      const [description, price] = pick(menu, draw(menu.length))
      const quantity = 1 + draw(3)
      return { description, quantity, unitPrice: gbp(price), total: gbp(price * quantity) }
    })
    const total = lines.reduce((sum, line) => sum + line.total.amount, 0)
    const tax = Math.round((total * TAX_PERCENT) / (100 + TAX_PERCENT))
    const isRecent = at === 0 && draw(3) === 0
    const statuses: readonly OrderStatus[] = [
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'paid',
      'refunded',
    ]
    await orders.insert({
      _id: newId('ord', clock),
      organisation: customer.organisation,
      customer: customer._id,
      number: `A-${1000 + index * 10 + at}`,
      status: isRecent ? 'open' : pick(statuses, draw(statuses.length)),
      placedAt: clock.now() - (isRecent ? draw(3) : 4 + draw(360)) * DAY - draw(10) * HOUR,
      lines,
      subtotal: gbp(total - tax),
      tax: gbp(tax),
      total: gbp(total),
    })
  }
}

async function addBookings(
  { bookings, clock }: DemoDataParts,
  customer: Customer,
  { organisation, draw }: { organisation: Organisation; draw: Draw },
): Promise<void> {
  const count = 1 + draw(5)
  for (let at = 0; at < count; at += 1) {
    const [service, minutes, price] = pick(treatments, draw(treatments.length))
    const daysFromNow = at === 0 ? 1 + draw(40) : -(2 + draw(300))
    // Opening hours, on the quarter: nobody believes an appointment at 03:17.
    const midnight = Math.floor(clock.now() / DAY) * DAY
    const startsAt = midnight + daysFromNow * DAY + (9 + draw(9)) * HOUR + draw(4) * 15 * MINUTE
    const past: readonly BookingStatus[] = [
      'completed',
      'completed',
      'completed',
      'cancelled',
      'no_show',
    ]
    const coming: readonly BookingStatus[] = ['confirmed', 'confirmed', 'pending']
    await bookings.insert({
      _id: newId('bkg', clock),
      organisation: customer.organisation,
      customer: customer._id,
      service,
      status: daysFromNow > 0 ? pick(coming, draw(3)) : pick(past, draw(5)),
      startsAt,
      endsAt: startsAt + minutes * MINUTE,
      timeZone: organisation.timeZone,
      location: LOCATION,
      staff: pick(staffNames, draw(staffNames.length)),
      guests: 1 + draw(2),
      price: gbp(price),
      createdAt: Math.min(clock.now(), startsAt) - (1 + draw(20)) * DAY,
    })
  }
}

async function addEnquiries(
  { enquiries, clock }: DemoDataParts,
  customer: Customer,
  { index, draw }: { index: number; draw: Draw },
): Promise<void> {
  if (index % 3 === 2) return // some never ask
  const [subject, message, reply] = pick(enquiryTexts, draw(enquiryTexts.length))
  const createdAt = clock.now() - (1 + draw(90)) * DAY
  const isAnswered = draw(4) > 0
  const answered: readonly EnquiryStatus[] = ['answered', 'closed']
  await enquiries.insert({
    _id: newId('enq', clock),
    organisation: customer.organisation,
    customer: customer._id,
    subject,
    message,
    status: isAnswered ? pick(answered, draw(2)) : 'open',
    createdAt,
    ...(isAnswered && { reply: { message: reply, at: createdAt + (2 + draw(30)) * HOUR } }),
  })
}

function gbp(amount: number): Money {
  return { amount, currency: 'GBP' }
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
