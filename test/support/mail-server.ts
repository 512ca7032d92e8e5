// A mail server: takes mails by SMTP and reads them as a mail program would, or behaves badly on demand.

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { eventually } from './eventually.ts'

export type TakenMail = Email & {
  /** Whom the envelope named: the only ones who get it. */
  recipients: string[]
  /** As it came. */
  source: string
}

/**
 * How it answers to the content of a mail: it takes it, never says a word, or refuses with a code and
 * repeats what it was sent.
 */
export type Manner = 'take' | 'silence' | { code: number }

export type MailServer = {
  url: string
  /** From now on. */
  behave(manner: Manner): void
  /** Every mail it was offered, taken or not, the newest first. */
  offered: TakenMail[]
  /** Everything taken, the newest first. */
  taken: TakenMail[]
  /** The newest mail to an address, as soon as it is there. */
  mailTo(address: string): Promise<TakenMail>
  stop(): Promise<void>
}

export async function startMailServer(port = 0): Promise<MailServer> {
  const taken: TakenMail[] = []
  let manner: Manner = 'take'
  const offered: TakenMail[] = []
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 50, // those it never answered would wait for their own
    onData(stream, session, answer) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', async () => {
        const source = Buffer.concat(chunks).toString()
        const recipients = session.envelope.rcptTo.map(({ address }) => address)
        const mail = { ...(await PostalMime.parse(source)), recipients, source }
        offered.unshift(mail)
        if (manner === 'silence') return
        if (manner === 'take') {
          taken.unshift(mail)
          return answer()
        }
        const words = `"${mail.subject}" for <${recipients}> is not wanted`
        answer(Object.assign(new Error(words), { responseCode: manner.code }))
      })
    },
  })
  server.on('error', () => {}) // connections that a test cuts
  const listening = server.listen(port, '127.0.0.1')
  await once(listening, 'listening')
  const address = listening.address() as AddressInfo // a port was asked for
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    behave(next) {
      manner = next
    },
    offered,
    taken,
    mailTo: (to) =>
      eventually(async () => {
        const found = taken.find(({ recipients }) => recipients.includes(to))
        if (!found) throw new Error(`no mail to ${to}`)
        return found
      }),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
