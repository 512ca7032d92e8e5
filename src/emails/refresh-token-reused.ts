// The mail to the owner of an account whose refresh token came back after it had been replaced.

import type { Message } from './message.ts'
import { messagesFor } from './messages/catalogue.ts'
import { type CustomerMail, notice } from './notice.ts'
import { inert } from './text.ts'

export type RefreshTokenReusedMail = CustomerMail & {
  /** The application whose sign-in has ended. */
  clientName: string
}

export function refreshTokenReusedMail(data: RefreshTokenReusedMail): Message {
  const words = messagesFor(data.locale).messages.reused
  const client = inert(data.clientName)
  return notice(data, {
    subject: words.subject(client),
    heading: words.heading,
    preview: words.next(client),
    lines: [words.intro(client), words.next(client), words.ignore],
  })
}
