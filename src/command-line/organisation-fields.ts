// What the commands about organisations take and show: the options of a change, and an organisation as people read it.

import type { Command } from 'commander'
import { organisationData } from '../routes/admin-api/organisation-messages.ts'
import type { OrganisationEdit } from '../services/organisations/organisation-administration.ts'
import { invalidField } from '../shared/errors.ts'
import type { Organisation } from '../stores/organisations.ts'
import type { Installation } from './installation.ts'

export type UpdateOptions = {
  name?: string
  locale?: string
  timeZone?: string
  currency?: string
  makesCustomers?: string
  signUp?: string
  mailName?: string
  mailAddress?: string
  mailReplyTo?: string
  supportEmail?: string
  supportUrl?: string
}

export function withUpdateOptions(command: Command): Command {
  return command
    .option('--name <name>', 'as customers read it')
    .option('--locale <language>', 'of pages and mails, where nobody asks for another')
    .option('--time-zone <zone>', 'such as Europe/Rome')
    .option('--currency <code>', 'such as EUR')
    .option('--makes-customers <yes|no>', 'whether a first sign-in makes a customer record')
    .option('--sign-up <open|closed>', 'closed: only known customers and accounts get a code')
    .option('--mail-name <name>', 'whom mails come from; "" for the organisation’s name')
    .option(
      '--mail-address <address>',
      'of its own host, or of the domain of MAIL_FROM; "" for none',
    )
    .option('--mail-reply-to <address>', 'to which answers go; "" for none')
    .option('--support-email <address>', 'shown on pages and in mails; "" for none')
    .option('--support-url <url>', 'https, shown likewise; "" for none')
}

/** The options as an edit. An empty text takes a field away. */
export function editOf(organisation: Organisation, options: UpdateOptions): OrganisationEdit {
  const { mailName, mailAddress, mailReplyTo, supportEmail, supportUrl, ...others } = options
  const { makesCustomers, signUp, ...texts } = others
  const sender = senderOf(organisation, { mailName, mailAddress, mailReplyTo })
  return {
    ...texts,
    ...(makesCustomers !== undefined && {
      makesCustomers: chosen('makes_customers', makesCustomers, { yes: true, no: false }),
    }),
    ...(signUp !== undefined && {
      signUp: chosen('sign_up', signUp, { open: 'open', closed: 'closed' } as const),
    }),
    ...(sender !== undefined && { mailSender: sender }),
    ...(supportEmail !== undefined && { supportEmail: supportEmail || null }),
    ...(supportUrl !== undefined && { supportUrl: supportUrl || null }),
  }
}

function chosen<T>(path: string, text: string, values: { readonly [word: string]: T }): T {
  const found = Object.entries(values).find(([word]) => word === text)
  const message = `must be ${Object.keys(values).join(' or ')}`
  if (!found) throw invalidField(path, message)
  return found[1]
}

/** What is named takes the place of what there was. */
function senderOf(
  { name, mailSender }: Organisation,
  { mailName, mailAddress, mailReplyTo }: { [Option in `mail${string}`]: string | undefined },
): OrganisationEdit['mailSender'] {
  if (mailName === undefined && mailAddress === undefined && mailReplyTo === undefined)
    return undefined
  const address = mailAddress ?? mailSender?.address
  const replyTo = mailReplyTo ?? mailSender?.replyTo
  const known = mailName ?? mailSender?.name
  if (!known && !address && !replyTo) return null
  return { name: known || name, ...(address && { address }), ...(replyTo && { replyTo }) }
}

/** As `--json` prints it: as the Admin API answers. */
export function shownOrganisation({ issuers }: Installation, organisation: Organisation) {
  return organisationData(organisation, issuers.issuerOf(organisation))
}

/** One line for each field. */
export function linesOf(organisation: ReturnType<typeof shownOrganisation>): string[] {
  return Object.entries(organisation).map(([name, value]) => {
    const text = typeof value === 'object' && value ? Object.values(value).join('  ') : value
    return `${name.padEnd(16)}${text ?? ''}`
  })
}
