// Organisations in the words of the Admin API: what is sent as the services take it, and what they give as it is answered.

import type { adminApi } from '@foyer/contract'
import type { OrganisationEdit } from '../../services/organisations/organisation-administration.ts'
import { RESTORABLE } from '../../services/organisations/organisation-removal.ts'
import type { Overview } from '../../services/organisations/overview.ts'
import { instantOf } from '../../shared/instants.ts'
import type { Organisation } from '../../stores/organisations.ts'

type Api = typeof adminApi.organisations
type Answer = adminApi.DataOf<Api['showOrganisation']>

/** An organisation of an earlier program has no version: it counts as 0. */
export function organisationData(organisation: Organisation, issuer: string): Answer {
  const { mailSender } = organisation
  return {
    slug: organisation.slug,
    name: organisation.name,
    issuer,
    default: organisation.isDefault,
    host: organisation.host ?? null,
    locale: organisation.locale,
    time_zone: organisation.timeZone,
    currency: organisation.currency,
    makes_customers: organisation.makesCustomers,
    sign_up: organisation.signUp ?? 'open',
    mail_sender: mailSender
      ? {
          name: mailSender.name,
          address: mailSender.address ?? null,
          reply_to: mailSender.replyTo ?? null,
        }
      : null,
    support_email: organisation.supportEmail ?? null,
    support_url: organisation.supportUrl ?? null,
    version: organisation.version ?? 0,
    created_at: instantOf(organisation.createdAt),
    updated_at: instantOf(organisation.updatedAt),
  }
}

export function removedData({ slug, name, removedAt = 0 }: Organisation) {
  return {
    slug,
    name,
    removed_at: instantOf(removedAt),
    restorable_until: instantOf(removedAt + RESTORABLE),
  }
}

export function editOf(body: adminApi.BodyOf<Api['updateOrganisation']>): OrganisationEdit {
  return {
    name: body.name,
    locale: body.locale,
    timeZone: body.time_zone,
    currency: body.currency,
    makesCustomers: body.makes_customers,
    signUp: body.sign_up,
    mailSender: senderOf(body.mail_sender),
    supportEmail: body.support_email,
    supportUrl: body.support_url,
  }
}

function senderOf(sender: adminApi.BodyOf<Api['updateOrganisation']>['mail_sender']) {
  if (!sender) return sender
  const { name, address, reply_to: replyTo } = sender
  return {
    name,
    ...(typeof address === 'string' && { address }),
    ...(typeof replyTo === 'string' && { replyTo }),
  }
}

export function overviewData({ days, totals }: Overview): adminApi.DataOf<Api['showOverview']> {
  return {
    days: days.map(({ day, signIns, newAccounts }) => ({
      day,
      sign_ins: signIns,
      new_accounts: newAccounts,
    })),
    live_sessions: totals.liveSessions,
    clients: totals.clients,
    customers: totals.customers,
  }
}
