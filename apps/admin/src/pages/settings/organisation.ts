// An organisation's choices as a form has them, and what of them is sent.

import type { adminApi } from '@foyer/contract'
import type { Choice } from '../../kit/choices.tsx'
import type { FieldNames } from './refusal.ts'

export type Organisation = adminApi.DataOf<typeof adminApi.organisations.showOrganisation>
export type DomainData = adminApi.DataOf<typeof adminApi.organisations.showDomain>
type Change = adminApi.BodyOf<typeof adminApi.organisations.updateOrganisation>

export type OrganisationChoices = ReturnType<typeof choicesOf>

export const signUpChoices: readonly Choice[] = [
  {
    value: 'open',
    label: 'Everybody',
    detail: 'Who signs in for the first time gets an account.',
  },
  {
    value: 'closed',
    label: 'Only who is known',
    detail:
      'Who has an account, or a customer record with the address. Everybody else sees the same page, and gets no mail.',
  },
]

export function choicesOf(organisation: Organisation) {
  const { mail_sender: sender } = organisation
  return {
    name: organisation.name,
    locale: organisation.locale,
    time_zone: organisation.time_zone,
    currency: organisation.currency,
    makes_customers: organisation.makes_customers,
    sign_up: organisation.sign_up as string,
    mail_name: sender?.name ?? '',
    mail_address: sender?.address ?? '',
    mail_reply_to: sender?.reply_to ?? '',
    support_email: organisation.support_email ?? '',
    support_url: organisation.support_url ?? '',
  }
}

/** What differs from what is kept; the sender is one thing. */
export function changeOf(organisation: Organisation, values: OrganisationChoices): Change {
  const wanted: Required<Change> = {
    name: values.name,
    locale: values.locale,
    time_zone: values.time_zone,
    currency: values.currency,
    makes_customers: values.makes_customers,
    sign_up: values.sign_up === 'closed' ? 'closed' : 'open',
    mail_sender: senderOf(values),
    support_email: values.support_email.trim() || null,
    support_url: values.support_url.trim() || null,
  }
  const kept = new Map<string, unknown>(Object.entries(organisation))
  const changed = Object.entries(wanted).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(kept.get(name)),
  )
  return Object.fromEntries(changed)
}

function senderOf(values: OrganisationChoices): Change['mail_sender'] {
  const name = values.mail_name.trim()
  if (name === '') return null
  return {
    name,
    address: values.mail_address.trim() || null,
    reply_to: values.mail_reply_to.trim() || null,
  }
}

const named = (name: keyof OrganisationChoices, label: string) => ({ name, label })

export const fieldNames: FieldNames = {
  name: named('name', 'The name'),
  locale: named('locale', 'The language'),
  time_zone: named('time_zone', 'The time zone'),
  currency: named('currency', 'The currency'),
  'mail_sender.name': named('mail_name', 'The sender name'),
  'mail_sender.address': named('mail_address', 'The sender address'),
  'mail_sender.reply_to': named('mail_reply_to', 'The address for answers'),
  support_email: named('support_email', 'The support address'),
  support_url: named('support_url', 'The support page'),
}
