// Whom an organisation's mails come from.

import type { Message } from '../../emails/message.ts'
import { inert } from '../../emails/text.ts'
import type { Organisation } from '../../stores/organisations.ts'

/**
 * Whether an organisation may send from an address: of the domain of `MAIL_FROM`, or of the host that it has
 * proven to be its own. Asked with every mail, because a host can be released and `MAIL_FROM` changed.
 */
export function canSendFrom(
  address: string,
  allowed: { host: string | undefined; mailFrom: string },
): boolean {
  const domain = domainOf(address)
  const [hostName] = allowed.host?.split(':') ?? []
  return domain === domainOf(allowed.mailFrom) || domain === hostName
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}

/** The mail from the organisation's own sender, as far as it may; else from the installation's address. */
export function sentBy(
  { _id, name, host, mailSender }: Organisation,
  { mail, mailFrom }: { mail: Message; mailFrom: string },
): Message {
  const { address, replyTo } = mailSender ?? {}
  const mayUse = address !== undefined && canSendFrom(address, { host, mailFrom })
  return {
    ...mail,
    organisation: _id,
    fromName: inert(mailSender?.name ?? name),
    ...(mayUse && { fromAddress: address }),
    ...(replyTo && { replyTo }),
  }
}
