// Every message of the Client API: what it takes and what it answers.

import { z } from 'zod'
import { failure, instant, pageOf, pageQuery } from './shapes.ts'

export * from './access.ts'
export { failure, pageQuery }

const timeZone = z.string().meta({ description: 'An IANA time zone.', examples: ['Europe/London'] })

export const money = z
  .object({
    amount: z.int().meta({ description: 'In the currency’s minor unit: 1250 is 12.50 in EUR.' }),
    currency: z
      .string()
      .length(3)
      .meta({ description: 'ISO 4217.', examples: ['GBP'] }),
  })
  .meta({ id: 'Money' })

const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    // Half of a surrogate pair is no character either: stores would keep it in different ways.
    .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u, 'no control characters')

const addressParts = {
  line1: text(120),
  line2: text(120),
  city: text(80),
  region: text(80),
  postal_code: text(20),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'two capital letters')
    .meta({ description: 'ISO 3166-1 alpha-2.', examples: ['GB'] }),
}

export const address = z
  .strictObject({
    ...addressParts,
    line2: addressParts.line2.optional(),
    region: addressParts.region.optional(),
    postal_code: addressParts.postal_code.optional(),
  })
  .meta({ id: 'Address' })

const addressPatch = z
  .strictObject({
    line1: addressParts.line1.nullable(),
    line2: addressParts.line2.nullable(),
    city: addressParts.city.nullable(),
    region: addressParts.region.nullable(),
    postal_code: addressParts.postal_code.nullable(),
    country: addressParts.country.nullable(),
  })
  .partial()
  .meta({
    id: 'AddressPatch',
    description: 'Changes parts of the address; it needs `line1`, `city` and `country` afterwards.',
  })

const personFields = {
  given_name: text(80),
  family_name: text(80),
  phone: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/, 'an international number such as +442071234567')
    .meta({ description: 'E.164.' }),
  birth_date: z.iso.date(),
  locale: z
    .string()
    .max(35)
    .regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'a language tag such as en-GB')
    .meta({ description: 'BCP 47.' }),
  time_zone: z
    .string()
    .max(64)
    // As the database spells it: others compare names to the letter.
    .regex(/^[A-Z][\w+-]*(?:\/[A-Z][\w+-]*)*$/, 'a time zone such as Europe/London')
    .refine(isTimeZone, 'a time zone such as Europe/London')
    .meta({ description: 'An IANA time zone.', examples: ['Europe/London'] }),
}

export const profile = z
  .object({
    id: z.string().meta({ examples: ['cus_01jd3k9v6x2m8q4t7w1z5y0abc'] }),
    email: z.string(),
    given_name: z.string().nullable(),
    family_name: z.string().nullable(),
    phone: z.string().nullable(),
    birth_date: z.string().nullable(),
    address: address.nullable(),
    locale: z.string().nullable(),
    time_zone: timeZone.nullable(),
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'Profile' })

/** RFC 7396: what is there changes, `null` removes, the rest stays. */
export const profilePatch = z
  .strictObject({
    given_name: personFields.given_name.nullable(),
    family_name: personFields.family_name.nullable(),
    phone: personFields.phone.nullable(),
    birth_date: personFields.birth_date.nullable(),
    address: addressPatch.nullable(),
    locale: personFields.locale.nullable(),
    time_zone: personFields.time_zone.nullable(),
  })
  .partial()
  .meta({ id: 'ProfilePatch', description: 'A JSON merge patch (RFC 7396).' })

export const orderStatuses = ['open', 'paid', 'fulfilled', 'cancelled', 'refunded'] as const
export const bookingStatuses = [
  'pending',
  'confirmed',
  'completed',
  'cancelled',
  'no_show',
] as const
export const enquiryStatuses = ['open', 'answered', 'closed'] as const

export const order = z
  .object({
    id: z.string(),
    number: z.string().meta({ examples: ['A-1042'] }),
    status: z.enum(orderStatuses),
    placed_at: instant,
    lines: z.array(
      z.object({
        description: z.string(),
        quantity: z.int(),
        unit_price: money,
        total: money,
      }),
    ),
    subtotal: money,
    tax: money,
    total: money,
  })
  .meta({ id: 'Order' })

export const booking = z
  .object({
    id: z.string(),
    service: z.string().meta({ examples: ['Deep tissue massage, 60 min'] }),
    status: z.enum(bookingStatuses),
    starts_at: instant,
    ends_at: instant,
    time_zone: timeZone,
    location: z.string(),
    staff: z.string().nullable(),
    guests: z.int(),
    price: money,
    created_at: instant,
  })
  .meta({ id: 'Booking' })

export const enquiry = z
  .object({
    id: z.string(),
    subject: z.string(),
    message: z.string(),
    status: z.enum(enquiryStatuses),
    created_at: instant,
    reply: z.object({ message: z.string(), at: instant }).nullable(),
  })
  .meta({ id: 'Enquiry' })

export const orderPage = pageOf(order).meta({ id: 'OrderPage' })
export const bookingPage = pageOf(booking).meta({ id: 'BookingPage' })
export const enquiryPage = pageOf(enquiry).meta({ id: 'EnquiryPage' })
/** The same for a list of what happened at some time and has a status. */
export const listQuery = <Status extends string>(statuses: readonly Status[]) =>
  pageQuery.extend({
    from: z.iso
      .datetime({ offset: true })
      .optional()
      .meta({ description: 'Only what stands at this instant or later.' }),
    to: z.iso
      .datetime({ offset: true })
      .optional()
      .meta({ description: 'Only what stands before this instant.' }),
    status: z.enum(statuses).optional(),
  })

export type Profile = z.infer<typeof profile>
export type ProfilePatch = z.infer<typeof profilePatch>
export type Order = z.infer<typeof order>
export type Booking = z.infer<typeof booking>
export type Enquiry = z.infer<typeof enquiry>
export type OrderStatus = (typeof orderStatuses)[number]
export type BookingStatus = (typeof bookingStatuses)[number]
export type EnquiryStatus = (typeof enquiryStatuses)[number]
export type Money = z.infer<typeof money>
export type Address = z.infer<typeof address>

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined
  } catch {
    return false
  }
}
