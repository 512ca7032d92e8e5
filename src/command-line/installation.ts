// The installation that the environment names, opened for one command.

import { developmentSecret } from '../compose/development-secret.ts'
import { composeKeys, type Keys } from '../compose/keys.ts'
import { outgoingRules } from '../compose/outgoing.ts'
import { openDocuments } from '../compose/stores.ts'
import { readConfig } from '../config.ts'
import { type Clients, createClients } from '../services/identity/clients.ts'
import { createReviewers, type Reviewers } from '../services/identity/reviewers.ts'
import { createAudit } from '../services/organisations/audit.ts'
import { createOrganisations } from '../services/organisations/organisations.ts'
import { systemClock } from '../shared/clock.ts'
import { createLog } from '../shared/log.ts'
import { createKeyring, systemRandom } from '../shared/secrets.ts'
import { createAuditStore } from '../stores/audit.ts'
import { createClientStore } from '../stores/clients.ts'
import { createOrganisationStore, type Organisation } from '../stores/organisations.ts'
import { createReviewerStore } from '../stores/reviewers.ts'

export type Installation = {
  organisation: Organisation
  clients: Clients
  keys: Keys
  reviewers: Reviewers
  audit: ReturnType<typeof createAudit>
}

/** A command answers whoever runs it: what it has to say stands in its output. */
const silentLog = createLog({ level: 'silent', format: 'json' })

/** Opens the stores, runs the command and closes them, whatever became of it. */
export async function withInstallation<T>(
  run: (installation: Installation) => Promise<T>,
): Promise<T> {
  const config = readConfig(process.env)
  const clock = systemClock
  const documents = await openDocuments(config, clock)
  try {
    const { organisation } = await createOrganisations({
      store: createOrganisationStore(documents),
      clock,
    }).ensureDefault(config.organisationName)
    const secrets = config.secrets.length > 0 ? config.secrets : [developmentSecret(config.dataDir)]
    const keyring = createKeyring(secrets)
    // The same keys as the server's open only under the same `SECRET`: under another one a client would be
    // registered whose secret the server never accepts.
    const keys = composeKeys({ documents, keyring, clock, log: silentLog })
    await keys.signingKeys.forOrganisation(organisation._id)
    const clients = createClients({
      store: createClientStore(documents),
      keyring,
      clock,
      random: systemRandom,
      outgoing: outgoingRules(config),
    })
    return await run({
      organisation,
      clients,
      keys,
      reviewers: createReviewers({
        store: createReviewerStore(documents),
        keyring,
        random: systemRandom,
        clock,
      }),
      audit: createAudit({ store: createAuditStore(documents), clock }),
    })
  } finally {
    await documents.close()
  }
}
