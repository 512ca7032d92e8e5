// The mail to the owner of an address whose guess budget is spent.

import type { Message } from './message.ts'
import { messagesFor } from './messages/catalogue.ts'
import { type CustomerMail, notice } from './notice.ts'
import { inert, timeText } from './text.ts'

export type AddressLockedMail = CustomerMail & {
  timeZone: string
  /** Milliseconds since 1970. */
  lockedUntil: number
}

export function addressLockedMail(data: AddressLockedMail): Message {
  const { messages, locale } = messagesFor(data.locale)
  const words = messages.locked
  const brand = inert(data.brand)
  const until = words.until(timeText(data.lockedUntil, { locale, timeZone: data.timeZone }))
  return notice(data, {
    subject: words.subject(brand),
    heading: words.heading,
    preview: until,
    lines: [words.intro(brand), until, words.ignore],
  })
}
