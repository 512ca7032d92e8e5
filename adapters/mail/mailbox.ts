// The mailbox for development: keeps the last mails in memory, to be read at `/dev/mail`.

import type { Mailer, Message } from '../../src/emails/message.ts'
import type { Clock } from '../../src/shared/clock.ts'
import type { Log } from '../../src/shared/log.ts'

export type MailboxMessage = Message & {
  /** When it was sent, in milliseconds since 1970. */
  at: number
}

export type Mailbox = Mailer & {
  /** The newest first, of one address or of all. */
  list(to?: string): MailboxMessage[]
}

const KEPT = 500

/** Each subject is also written to the log, so that a code can be read in the terminal. */
export function createMailbox(parts: { clock: Clock; log: Log }): Mailbox {
  const messages: MailboxMessage[] = []
  return {
    async send(message) {
      messages.unshift({ ...message, at: parts.clock.now() })
      messages.length = Math.min(messages.length, KEPT)
      parts.log.info({ to: message.to }, `mail: ${message.subject}`)
    },
    list(to) {
      const address = to?.toLowerCase() // as mails are addressed
      return messages.filter((mail) => address === undefined || mail.to === address)
    },
    async close() {},
  }
}
