// The mail to the owner of an address whose guess budget is spent.

import type { Look } from '../shared/look.ts'
import type { PolicyLink } from '../shared/policy-kinds.ts'
import type { SupportLink } from '../shared/support.ts'
import { mailHtml, paragraph } from './layout.ts'
import type { Message } from './message.ts'
import { messagesFor } from './messages/catalogue.ts'
import { inert, signature, timeText } from './text.ts'

export type AddressLockedMail = {
  to: string
  brand: string
  look?: Look | undefined
  policies?: readonly PolicyLink[] | undefined
  support?: readonly SupportLink[] | undefined
  timeZone: string
  locale: string
  /** Milliseconds since 1970. */
  lockedUntil: number
}

export function addressLockedMail(data: AddressLockedMail): Message {
  const { messages, locale } = messagesFor(data.locale)
  const words = messages.locked
  const brand = inert(data.brand)
  const until = words.until(timeText(data.lockedUntil, { locale, timeZone: data.timeZone }))
  const lines = [words.intro(brand), until, words.ignore]
  return {
    to: data.to,
    fromName: brand,
    subject: words.subject(brand),
    text: [...lines, ...signature(brand, { ...data, locale })].join('\n\n'),
    html: mailHtml({
      locale,
      brand,
      look: data.look,
      policies: data.policies,
      support: data.support,
      preview: until,
      heading: words.heading,
      body: lines.map((line) => paragraph(line)),
    }),
  }
}
