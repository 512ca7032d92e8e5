// The mail to the owner of an account whose refresh token came back after it had been replaced.

import type { Look } from '../shared/look.ts'
import type { PolicyLink } from '../shared/policy-kinds.ts'
import type { SupportLink } from '../shared/support.ts'
import { mailHtml, paragraph } from './layout.ts'
import type { Message } from './message.ts'
import { messagesFor } from './messages/catalogue.ts'
import { inert, signature } from './text.ts'

export type RefreshTokenReusedMail = {
  to: string
  brand: string
  look?: Look | undefined
  policies?: readonly PolicyLink[] | undefined
  support?: readonly SupportLink[] | undefined
  /** The application whose sign-in has ended. */
  clientName: string
  locale: string
}

export function refreshTokenReusedMail(data: RefreshTokenReusedMail): Message {
  const { messages, locale } = messagesFor(data.locale)
  const words = messages.reused
  const brand = inert(data.brand)
  const client = inert(data.clientName)
  const lines = [words.intro(client), words.next(client), words.ignore]
  return {
    to: data.to,
    fromName: brand,
    subject: words.subject(client),
    text: [...lines, ...signature(brand, { ...data, locale })].join('\n\n'),
    html: mailHtml({
      locale,
      brand,
      look: data.look,
      policies: data.policies,
      support: data.support,
      preview: words.next(client),
      heading: words.heading,
      body: lines.map((line) => paragraph(line)),
    }),
  }
}
