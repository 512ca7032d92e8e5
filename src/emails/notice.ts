// A mail of a few sentences, from a business to one of its customers.

import type { Look } from '../shared/look.ts'
import type { PolicyLink } from '../shared/policy-kinds.ts'
import type { SupportLink } from '../shared/support.ts'
import { mailHtml, paragraph } from './layout.ts'
import type { Message } from './message.ts'
import { messagesFor } from './messages/catalogue.ts'
import { inert, signature } from './text.ts'

/** What every mail to a customer is made of. */
export type CustomerMail = {
  to: string
  /** The business, as the sender and the wordmark. */
  brand: string
  look?: Look | undefined
  policies?: readonly PolicyLink[] | undefined
  support?: readonly SupportLink[] | undefined
  locale: string
}

export type NoticeWords = {
  subject: string
  heading: string
  /** What a list of mails shows beside the subject. */
  preview: string
  /** One paragraph each. */
  lines: readonly string[]
}

export function notice(data: CustomerMail, words: NoticeWords): Message {
  const { locale } = messagesFor(data.locale)
  const { to, look, policies, support } = data
  const { subject, heading, preview, lines } = words
  const brand = inert(data.brand)
  return {
    to,
    fromName: brand,
    subject,
    text: [...lines, ...signature(brand, { policies, support, locale })].join('\n\n'),
    html: mailHtml({
      locale,
      brand,
      look,
      policies,
      support,
      preview,
      heading,
      body: lines.map((line) => paragraph(line)),
    }),
  }
}
