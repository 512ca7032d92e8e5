// Sending mails by SMTP.

import { createTransport } from 'nodemailer'
import { type Mailer, MailRefused } from '../../src/emails/message.ts'

/** Milliseconds without a sign of life, at each step of a conversation. */
const TIMEOUT = 8_000
const CONNECTIONS = 5

/** `url` is `smtp://` or `smtps://`, with user and password where needed; `from` the installation's address. */
export function createSmtpMailer(parts: { url: string; from: string }): Mailer {
  const transport = createTransport({
    url: parts.url,
    pool: true,
    maxConnections: CONNECTIONS,
    connectionTimeout: TIMEOUT,
    greetingTimeout: TIMEOUT,
    socketTimeout: TIMEOUT,
    // A mail is text: nothing in it may make this process read a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send({ to, fromName, fromAddress = parts.from, replyTo, subject, text, html }) {
      try {
        await transport.sendMail({
          // Objects, not strings: nothing is split at commas.
          from: { name: fromName, address: fromAddress },
          ...(replyTo && { replyTo: { name: '', address: replyTo } }),
          to: { name: '', address: to },
          subject,
          text,
          html,
          // RFC 3834, 5: no out-of-office answers.
          headers: { 'Auto-Submitted': 'auto-generated' },
        })
      } catch (error) {
        const reason = reasonOf(error)
        throw isFinal(error) ? new MailRefused(reason) : new Error(reason)
      }
    },
    async close() {
      transport.close()
    },
  }
}

/**
 * What went wrong, for the log. A mail server may repeat the address or the subject, and with it the code;
 * the error that the library throws carries the whole conversation.
 */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message
    .replace(/[^\s<>"]+@[^\s<>",;]+/g, '<address>')
    .replace(/\d{6,}/g, '<digits>')
    .slice(0, MAX_REASON)
}

const MAX_REASON = 300

/** RFC 5321, 4.2.1: 5yz is for good, 4yz for now. */
function isFinal(error: unknown): boolean {
  const { responseCode } = error as { responseCode?: unknown } // nodemailer sets it on what a server answered
  return typeof responseCode === 'number' && responseCode >= 500
}
