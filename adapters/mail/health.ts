// Whether the mail server lets us in. No mail is sent.

import { createTransport } from 'nodemailer'
import { type Finding, ok, problem, warning } from '../../src/shared/finding.ts'
import { isLoopbackHost } from '../../src/shared/outgoing.ts'
import { reasonOf } from './smtp.ts'

/** Milliseconds without a sign of life, at each step. */
const TIMEOUT = 5000

/** Connects, greets, encrypts where it can, and logs in where the address says as whom. Throws nothing. */
export async function inspectSmtp({ url }: { url: string }): Promise<Finding[]> {
  const { hostname, protocol } = new URL(url)
  const reason = await tryOut(url, false)
  if (reason !== undefined)
    return [
      problem(
        'mail.server',
        `The mail server does not let us in: ${reason}`,
        'Look at SMTP_URL: host, port, user and password (percent-encoded); port 465 is smtps, 587 is smtp.',
      ),
    ]
  const server = ok('mail.server', `${hostname} lets us in; no mail was sent`)
  const isEncrypted = protocol === 'smtps:' || (await tryOut(url, true)) === undefined
  if (isEncrypted) return [server, ok('mail.tls', 'the connection is encrypted')]
  if (isLoopbackHost(hostname))
    return [server, ok('mail.tls', 'not encrypted, and on this machine')]
  return [
    server,
    warning(
      'mail.tls',
      'The connection is not encrypted: whoever stands on the way reads the codes.',
      'Use a server that offers STARTTLS, or smtps on port 465.',
    ),
  ]
}

/** What went wrong, or `undefined`. */
async function tryOut(url: string, requireTLS: boolean): Promise<string | undefined> {
  const transport = createTransport({
    url,
    requireTLS,
    connectionTimeout: TIMEOUT,
    greetingTimeout: TIMEOUT,
    socketTimeout: TIMEOUT,
  })
  try {
    await transport.verify()
    return undefined
  } catch (error) {
    return reasonOf(error)
  } finally {
    transport.close()
  }
}
