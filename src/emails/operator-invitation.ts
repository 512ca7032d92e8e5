// The mail with the link by which somebody becomes an operator.

import type { Look } from '../shared/look.ts'
import { button, mailHtml, paragraph } from './layout.ts'
import type { Message } from './message.ts'
import { messagesFor } from './messages/catalogue.ts'
import { inert, timeText } from './text.ts'

export type OperatorInvitationMail = {
  to: string
  /** The organisation that they shall look after. */
  brand: string
  look?: Look | undefined
  role: 'viewer' | 'editor' | 'owner' | 'platform'
  link: string
  timeZone: string
  locale: string
  /** Milliseconds since 1970. */
  expiresAt: number
}

export function operatorInvitationMail(data: OperatorInvitationMail): Message {
  const { messages, locale } = messagesFor(data.locale)
  const words = messages.invitation
  const brand = inert(data.brand)
  const until = words.until(timeText(data.expiresAt, { locale, timeZone: data.timeZone }))
  const before = [words.intro(brand), words.roles[data.role]]
  const after = [until, words.bound, words.ignore]
  return {
    to: data.to,
    fromName: brand,
    subject: words.subject(brand),
    text: [...before, `${words.button}:\n${data.link}`, ...after, brand].join('\n\n'),
    html: mailHtml({
      locale,
      brand,
      look: data.look,
      preview: words.roles[data.role],
      heading: words.heading,
      body: [
        ...before.map((line) => paragraph(line)),
        button(words.button, data.link),
        ...after.map((line) => paragraph(line, { isSoft: true })),
      ],
    }),
  }
}
