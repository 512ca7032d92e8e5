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

/** How it answers to the content of a mail: it takes it, refuses with a code and these words, or never says a word. */
export type Manner = 'take' | 'silence' | { code: number; words?: string }

export type MailServer = {
  url: string
  /** From now on. */
  behave(manner: Manner): void
  /** How many mails it was offered, taken or not. */
  offered(): number
  /** Everything taken, the newest first. */
  taken: TakenMail[]
  /** The newest mail to an address, as soon as it is there. */
  mailTo(address: string): Promise<TakenMail>
  stop(): Promise<void>
}

export async function startMailServer(port = 0): Promise<MailServer> {
  const taken: TakenMail[] = []
  let manner: Manner = 'take'
  let offered = 0
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onData(stream, session, answer) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', async () => {
        offered += 1
        if (manner === 'silence') return
        const source = Buffer.concat(chunks).toString()
        if (manner !== 'take')
          return answer(
            Object.assign(new Error(manner.words ?? 'no'), { responseCode: manner.code }),
          )
        const recipients = session.envelope.rcptTo.map(({ address }) => address)
        taken.unshift({ ...(await PostalMime.parse(source)), recipients, source })
        answer()
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
    offered: () => offered,
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
