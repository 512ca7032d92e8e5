// Operators, invitations and API keys as one process has them, on stores that a test hands in.

import { composeOperators } from '../../src/compose/operators.ts'
import type { Message } from '../../src/emails/message.ts'
import { createOrganisations } from '../../src/services/organisations/organisations.ts'
import { createKeyring, systemRandom } from '../../src/shared/secrets.ts'
import { apiKeysCollection } from '../../src/stores/api-keys.ts'
import { auditCollection } from '../../src/stores/audit.ts'
import type { Documents } from '../../src/stores/documents.ts'
import { invitationsCollection } from '../../src/stores/invitations.ts'
import { operatorsCollection, ownersCollection } from '../../src/stores/operators.ts'
import { createOrganisationStore, organisationsCollection } from '../../src/stores/organisations.ts'
import { movableClock } from './movable-clock.ts'
import { recordingLog } from './recording-log.ts'

export const SECRET = 'a secret of the tests, long enough'

export async function operatorsOn(documents: Documents, secrets: readonly string[] = [SECRET]) {
  await documents.prepare([
    apiKeysCollection,
    auditCollection,
    invitationsCollection,
    operatorsCollection,
    organisationsCollection,
    ownersCollection,
  ])
  const clock = movableClock()
  const organisations = createOrganisations({
    store: createOrganisationStore(documents),
    clock,
    log: recordingLog(),
  })
  const { organisation } = await organisations.ensureDefault('Casa Aurora')
  const mails: Message[] = []
  const services = composeOperators(
    {
      documents,
      keyring: createKeyring(secrets),
      random: systemRandom,
      clock,
      baseUrl: 'https://id.example.com',
    },
    {
      organisations,
      sendMail: async (message) => {
        mails.push(message)
      },
    },
  )
  return { ...services, organisations, standard: organisation, clock, mails }
}

export type OperatorParts = Awaited<ReturnType<typeof operatorsOn>>
