// Warnings that secrets end, joined to the operators who get them and to the mail.

import { clientSecretEndsMail } from '../emails/client-secret-ends.ts'
import type { Mailer } from '../emails/message.ts'
import type { Jobs } from '../services/events/jobs.ts'
import { createSecretWarnings } from '../services/identity/clients/secret-warnings.ts'
import type { Operators } from '../services/operators/operators.ts'
import { brandingOf } from '../services/organisations/branding.ts'
import { createIssuers } from '../services/organisations/issuers.ts'
import { sentBy } from '../services/organisations/mail-sender.ts'
import type { Organisations } from '../services/organisations/organisations.ts'
import { everyPage } from '../shared/pages.ts'
import { createClientStore } from '../stores/clients.ts'
import { PLATFORM } from '../stores/operator-roles.ts'
import type { Ground } from './ground.ts'

export type SecretWarningParts = {
  organisations: Organisations
  operators: Operators
  mailer: Mailer
}

export function composeSecretWarnings(
  { config, documents, clock }: Ground,
  parts: SecretWarningParts & { ensureJob: Jobs['ensure'] },
) {
  const { organisations, operators, mailer } = parts
  const { issuerOf } = createIssuers({ baseUrl: config.baseUrl, organisations })
  return createSecretWarnings({
    store: createClientStore(documents),
    async operatorsOf(organisation) {
      const own = await addressesIn(operators, organisation)
      // Somebody has to hear of it.
      return own.length > 0 ? own : addressesIn(operators, PLATFORM)
    },
    findOrganisation: organisations.findById,
    writeMail({ organisation, client, ...data }) {
      const { slug, timeZone, locale } = organisation
      const link = `${config.baseUrl}/admin/o/${slug}/clients/${client.id}`
      const mail = clientSecretEndsMail({
        ...data,
        ...brandingOf(organisation, issuerOf(organisation)),
        clientName: client.name,
        link,
        timeZone,
        locale,
      })
      return sentBy(organisation, { mail, mailFrom: config.mailFrom })
    },
    send: mailer.send,
    ensureJob: parts.ensureJob,
    clock,
  })
}

/** Of those who may renew a secret. */
async function addressesIn(operators: Operators, place: string): Promise<string[]> {
  const all = await everyPage((page) => operators.list(place, page))
  return all.filter(({ role }) => role !== 'viewer').map(({ email }) => email)
}
