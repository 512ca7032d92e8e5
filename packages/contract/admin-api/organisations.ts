// What the Admin API says of organisations: what they choose, their hosts, their numbers, and their end.

import { z } from 'zod'
import { instant, pageOf, pageQuery } from '../shapes.ts'
import { operation } from './operation.ts'

const mailSender = z
  .object({
    name: z.string(),
    address: z
      .string()
      .nullable()
      .meta({ description: 'Of the domain of `MAIL_FROM`, or of the organisation’s own host.' }),
    reply_to: z.string().nullable(),
  })
  .meta({ id: 'MailSender' })

export const signUp = z.enum(['open', 'closed']).meta({
  description: 'Closed: only who has an account, or is a known customer, gets a code.',
})

export const organisation = z
  .object({
    slug: z.string().meta({ description: 'Its name in addresses. It never changes.' }),
    name: z.string().meta({ description: 'As customers read it.' }),
    issuer: z.string(),
    default: z.boolean().meta({ description: 'Its issuer is `BASE_URL` itself.' }),
    host: z.string().nullable().meta({ description: 'A host of its own.' }),
    locale: z.string().meta({ description: 'BCP 47.' }),
    time_zone: z.string().meta({ description: 'IANA.' }),
    currency: z.string().meta({ description: 'ISO 4217.' }),
    makes_customers: z
      .boolean()
      .meta({ description: 'Whether a first sign-in makes a customer record.' }),
    sign_up: signUp,
    mail_sender: mailSender.nullable(),
    support_email: z.string().nullable(),
    support_url: z.string().nullable(),
    version: z.int(),
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'Organisation' })

/** Longer texts are none of these; everything else the service judges, so that all is told at once. */
const text = z.string().max(2000)

const newOrganisation = z
  .strictObject({
    slug: text,
    name: text,
    locale: text.optional(),
    time_zone: text.optional(),
    currency: text.optional(),
  })
  .meta({ id: 'NewOrganisation' })

const organisationChange = z
  .strictObject({
    name: text,
    locale: text,
    time_zone: text,
    currency: text,
    makes_customers: z.boolean(),
    sign_up: signUp,
    mail_sender: z
      .strictObject({
        name: text,
        address: text.nullable().optional(),
        reply_to: text.nullable().optional(),
      })
      .nullable(),
    support_email: text.nullable(),
    support_url: text.nullable().meta({ description: '`https` only.' }),
  })
  .partial()
  .meta({
    id: 'OrganisationChange',
    description: 'What is named is changed; null takes a field away.',
  })

const removedOrganisation = z
  .object({
    slug: z.string(),
    name: z.string(),
    removed_at: instant,
    restorable_until: instant,
  })
  .meta({ id: 'RemovedOrganisation' })

const domain = z
  .object({
    host: z.string().nullable(),
    issuer: z.string(),
    record: z
      .object({
        host: z.string(),
        type: z.literal('TXT'),
        name: z.string(),
        value: z.string(),
        needed: z.boolean().meta({ description: 'False for names that never leave the machine.' }),
        found: z.boolean().meta({ description: 'Whether the DNS knows it.' }),
      })
      .nullable()
      .meta({ description: 'What proves the host that was asked for.' }),
  })
  .meta({ id: 'Domain' })

const overview = z
  .object({
    days: z
      .array(
        z.object({
          day: z.iso.date(),
          sign_ins: z.int(),
          new_accounts: z.int(),
        }),
      )
      .meta({ description: 'The last 30 in its time zone, today the last; seconds behind.' }),
    live_sessions: z.int().meta({ description: 'As the other totals, some minutes old.' }),
    clients: z.int(),
    customers: z.int(),
  })
  .meta({ id: 'Overview' })

const tag = 'Organisations'
const path = '/organisations/{slug}'

export const listOrganisations = operation({
  id: 'listOrganisations',
  method: 'GET',
  path: '/organisations',
  tag,
  summary: 'List organisations',
  description: 'Those in which the caller has a role, by slug; all of them for platform owners.',
  needs: 'operator',
  query: pageQuery.extend({
    q: z.string().max(100).optional().meta({ description: 'How the slug or the name begins.' }),
  }),
  answer: pageOf(organisation),
})

export const createOrganisation = operation({
  id: 'createOrganisation',
  method: 'POST',
  path: '/organisations',
  tag,
  summary: 'Make an organisation',
  description: 'Its issuer works at once. A slug is never given twice.',
  needs: ['create', 'organisations'],
  body: newOrganisation,
  answer: organisation,
  status: 201,
  idempotent: true,
})

export const showOrganisation = operation({
  id: 'showOrganisation',
  method: 'GET',
  path,
  tag,
  summary: 'Read an organisation',
  needs: ['read', 'organisations'],
  answer: organisation,
  versioned: true,
})

export const updateOrganisation = operation({
  id: 'updateOrganisation',
  method: 'PATCH',
  path,
  tag,
  summary: 'Change an organisation',
  description: 'A merge patch (RFC 7396). Every process follows within two seconds.',
  needs: ['change', 'organisations'],
  body: organisationChange,
  answer: organisation,
  versioned: true,
})

export const removeOrganisation = operation({
  id: 'removeOrganisation',
  method: 'DELETE',
  path,
  tag,
  summary: 'Remove an organisation',
  description:
    'All its addresses, tokens and sessions are gone within two seconds. It can be restored for 30 days, then everything of it is purged but its slug and its audit log.',
  needs: ['remove', 'organisations'],
  query: z.strictObject({ confirm: z.string().max(100).meta({ description: 'Its slug.' }) }),
  answer: removedOrganisation,
  refuses: ['invalid_fields', 'conflict'],
})

export const listRemovedOrganisations = operation({
  id: 'listRemovedOrganisations',
  method: 'GET',
  path: '/removed-organisations',
  tag,
  summary: 'List organisations that can be restored',
  needs: ['remove', 'organisations'],
  query: pageQuery,
  answer: pageOf(removedOrganisation),
})

export const restoreOrganisation = operation({
  id: 'restoreOrganisation',
  method: 'POST',
  path: '/removed-organisations/{removed}/restore',
  tag,
  summary: 'Restore an organisation',
  description:
    'By its slug. Everybody signs in again. Refused in the first minute, while its sessions are being ended.',
  needs: ['remove', 'organisations'],
  answer: organisation,
  refuses: ['conflict'],
})

export const showDomain = operation({
  id: 'showDomain',
  method: 'GET',
  path: `${path}/domain`,
  tag,
  summary: 'Read its host, and what proves one',
  description: 'With `host`, the DNS record that would prove it, and whether it is there.',
  needs: ['read', 'organisations'],
  query: z.strictObject({ host: z.string().max(300).optional() }),
  refuses: ['invalid_fields'],
  answer: domain,
})

export const setDomain = operation({
  id: 'setDomain',
  method: 'PUT',
  path: `${path}/domain`,
  tag,
  summary: 'Take a host as its issuer',
  description: 'Refused while the DNS record is missing. Clients have to follow.',
  needs: ['change', 'organisations'],
  body: z.strictObject({ host: z.string().max(300) }).meta({ id: 'DomainChange' }),
  answer: organisation,
  versioned: true,
})

export const releaseDomain = operation({
  id: 'releaseDomain',
  method: 'DELETE',
  path: `${path}/domain`,
  tag,
  summary: 'Give its host back',
  description: 'Its issuer is below `BASE_URL` again; what names the host is refused.',
  needs: ['change', 'organisations'],
  answer: organisation,
  versioned: true,
})

export const showOverview = operation({
  id: 'showOverview',
  method: 'GET',
  path: `${path}/overview`,
  tag,
  summary: 'Read sign-ins per day, and totals',
  needs: ['read', 'organisations'],
  answer: overview,
})
