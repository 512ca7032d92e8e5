// When a refresh token comes back after it was replaced: its grant has ended, and its owner is told.

import type { Message } from '../../../emails/message.ts'
import { type Clock, MINUTE } from '../../../shared/clock.ts'
import type { Organisation } from '../../../stores/organisations.ts'
import type { Accounts } from '../accounts/accounts.ts'
import type { CodeMails } from './code-mails.ts'

export type Reuse = { account: string; client: { id: string; name: string } }

export type ReuseMailData = {
  to: string
  organisation: Organisation
  clientName: string
  locale: string
}

/** How long the mail may wait for a mail server, in milliseconds. */
const MAIL_LIFE = 10 * MINUTE

/** Queues the mail and writes the audit line; an account that is gone is told nothing. */
export function createReuseAlarm(parts: {
  accounts: Accounts
  mails: CodeMails
  writeMail(data: ReuseMailData): Message
  audit: (entry: {
    organisation: string
    action: 'grant.replayed'
    actor: string
    target: string
  }) => Promise<void>
  clock: Clock
}) {
  const { accounts, mails, clock } = parts
  return async (organisation: Organisation, { account: id, client }: Reuse): Promise<void> => {
    await parts.audit({
      organisation: organisation._id,
      action: 'grant.replayed',
      actor: id,
      target: client.id,
    })
    const account = await accounts.findActive(organisation._id, id)
    if (!account) return
    const mail = parts.writeMail({
      to: account.email,
      organisation,
      clientName: client.name,
      locale: account.locale ?? organisation.locale,
    })
    mails.queue(mail, clock.now() + MAIL_LIFE)
  }
}
