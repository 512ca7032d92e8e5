// A mail, and the port that sends it.

export type Message = {
  /** Exactly one plain address. */
  to: string
  /** Who it comes from, as a name. */
  fromName: string
  /** One plain address; left out, the installation's. */
  fromAddress?: string
  /** One plain address, to which answers go. */
  replyTo?: string
  /** Whose mail it is: when the organisation is removed before it was sent, it is not sent. */
  organisation?: string
  subject: string
  text: string
  html: string
}

/** The mail server refused the mail for good: trying again changes nothing. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused'
}

export type Mailer = {
  /** Returns when a mail server has taken it. Throws `MailRefused`, or whatever makes sense to try again. */
  send(message: Message): Promise<void>
  close(): Promise<void>
}
