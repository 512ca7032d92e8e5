// The mail to operators that a secret of an application of theirs ends.

import type { Look } from '../shared/look.ts'
import { button, mailHtml, paragraph } from './layout.ts'
import type { Message } from './message.ts'
import { messagesFor } from './messages/catalogue.ts'
import { inert, timeText } from './text.ts'

export type ClientSecretEndsMail = {
  to: string
  brand: string
  look?: Look | undefined
  clientName: string
  /** The secret's last four characters. */
  hint: string
  /** Milliseconds since 1970, as the next one. */
  expiresAt: number
  lastUsedAt?: number
  /** The client's page in the console. */
  link: string
  timeZone: string
  locale: string
}

export function clientSecretEndsMail(data: ClientSecretEndsMail): Message {
  const { messages, locale } = messagesFor(data.locale)
  const words = messages.secretEnds
  const place = { locale, timeZone: data.timeZone }
  const brand = inert(data.brand)
  const client = inert(data.clientName)
  const time = timeText(data.expiresAt, place)
  const uses =
    data.lastUsedAt === undefined ? words.unused : words.used(timeText(data.lastUsedAt, place))
  const intro = words.intro(client, data.hint, time)
  return {
    to: data.to,
    fromName: brand,
    subject: words.subject(client),
    text: [intro, uses, words.next, `${words.button}:\n${data.link}`, words.ignore, brand].join(
      '\n\n',
    ),
    html: mailHtml({
      locale,
      brand,
      look: data.look,
      preview: intro,
      heading: words.heading,
      body: [
        paragraph(intro),
        paragraph(uses),
        paragraph(words.next),
        button(words.button, data.link),
        paragraph(words.ignore, { isSoft: true }),
      ],
    }),
  }
}
