// The installation that the environment names, opened for one command.

import { createSmtpMailer } from '../../adapters/mail/smtp.ts'
import { composeBrands } from '../compose/brands.ts'
import { composeClientAdministration } from '../compose/client-administration.ts'
import { composeDenials } from '../compose/denials.ts'
import { developmentSecret } from '../compose/development-secret.ts'
import { composeDomains } from '../compose/domains.ts'
import { examine } from '../compose/examine.ts'
import type { Ground } from '../compose/ground.ts'
import { composeKeys, type Keys } from '../compose/keys.ts'
import { composeOperators } from '../compose/operators.ts'
import { composeOrganisationAdministration } from '../compose/organisation-administration.ts'
import { composeOrganisationRemoval } from '../compose/organisation-removal.ts'
import { outgoingRules } from '../compose/outgoing.ts'
import { composeOverview } from '../compose/overview.ts'
import { composePeopleBeside, type People } from '../compose/people.ts'
import { composePolicies } from '../compose/policies.ts'
import { composeRegistration } from '../compose/registration.ts'
import { openDocuments } from '../compose/stores.ts'
import { type Config, readConfig } from '../config.ts'
import type { Message } from '../emails/message.ts'
import { createAudit } from '../services/audit/audit.ts'
import { type AuditLog, createAuditLog } from '../services/audit/audit-log.ts'
import type { ClientAdministration } from '../services/identity/clients/client-administration.ts'
import { type Clients, createClients } from '../services/identity/clients/clients.ts'
import type { Registration } from '../services/identity/clients/registration.ts'
import { createLogoutLog, type LogoutLog } from '../services/identity/sessions/logout-log.ts'
import { createReviewers, type Reviewers } from '../services/identity/sign-in/reviewers.ts'
import type { ApiKeys } from '../services/operators/api-keys.ts'
import type { Invitations } from '../services/operators/invitations.ts'
import type { Operators } from '../services/operators/operators.ts'
import type { Brands } from '../services/organisations/brands.ts'
import type { Domains } from '../services/organisations/domains.ts'
import { createIssuers, type Issuers } from '../services/organisations/issuers.ts'
import type { OrganisationAdministration } from '../services/organisations/organisation-administration.ts'
import type { OrganisationRemoval } from '../services/organisations/organisation-removal.ts'
import { createOrganisations, type Organisations } from '../services/organisations/organisations.ts'
import type { ShowOverview } from '../services/organisations/overview.ts'
import type { Policies } from '../services/organisations/policies.ts'
import { type Clock, systemClock } from '../shared/clock.ts'
import type { Finding } from '../shared/finding.ts'
import { createLog } from '../shared/log.ts'
import { createKeyring, type Keyring, systemRandom } from '../shared/secrets.ts'
import { createAuditStore } from '../stores/audit.ts'
import { createClientStore } from '../stores/clients.ts'
import { createJobStore } from '../stores/jobs.ts'
import { createOrganisationRemovalStore } from '../stores/organisation-removals.ts'
import { createOrganisationStore, type Organisation } from '../stores/organisations.ts'
import { createReviewerStore } from '../stores/reviewers.ts'

export type Installation = {
  /** Customers, accounts and sessions. */
  people: People
  config: Config
  /** The one that the command is about. */
  organisation: Organisation
  organisations: Organisations
  organisationAdministration: OrganisationAdministration
  organisationRemoval: OrganisationRemoval
  domains: Domains
  overview: ShowOverview
  issuers: Issuers
  brands: Brands
  clients: Clients
  clientAdministration: ClientAdministration
  keys: Keys
  logouts: LogoutLog
  registration: Registration
  reviewers: Reviewers
  operators: Operators
  apiKeys: ApiKeys
  /** Mails at once; without a mail server it does not, and the link is all there is. */
  invitations: Invitations
  policies: Policies
  audit: ReturnType<typeof createAudit>
  auditLog: AuditLog
  keyring: Keyring
  clock: Clock
}

/** A command answers whoever runs it: what it has to say stands in its output. */
const silentLog = createLog({ level: 'silent', format: 'json' })

/** Runs a command on the installation. */
export type OpenInstallation = <T>(
  run: (installation: Installation) => Promise<T>,
  options?: OpenOptions,
) => Promise<T>

/** `alsoRemoved`: the command looks at what is left of an organisation, and needs no more than that. */
export type OpenOptions = { alsoRemoved?: true }

/** What is wrong with it, also where it does not open. `onStep` hears what is looked at next. */
export function examineInstallation(
  env: NodeJS.ProcessEnv,
  onStep: (what: string) => void,
): Promise<Finding[]> {
  return examine(env, { clock: systemClock, onStep })
}

/** Opens the stores, runs the command for the organisation of this slug, and closes them, whatever became of it. */
export async function withInstallation<T>(
  { env, slug }: { env: NodeJS.ProcessEnv; slug: string | undefined },
  run: (installation: Installation) => Promise<T>,
  options: OpenOptions = {},
): Promise<T> {
  const config = readConfig(env)
  const clock = systemClock
  const documents = await openDocuments(config, clock)
  try {
    const organisations = createOrganisations({
      store: createOrganisationStore(documents),
      clock,
      log: silentLog,
    })
    const { organisation: standard } = await organisations.ensureDefault(config.organisationName)
    const organisation =
      slug === undefined
        ? standard
        : ((await organisations.findBySlug(slug)) ??
          (options.alsoRemoved &&
            (await createOrganisationRemovalStore(documents).findRemoved(slug))))
    if (!organisation) throw new Error(`There is no organisation ${slug}.`)
    const secrets = config.secrets.length > 0 ? config.secrets : [developmentSecret(config.dataDir)]
    const ground = {
      config,
      documents,
      keyring: createKeyring(secrets),
      random: systemRandom,
      clock,
      log: silentLog,
    }
    // The same keys as the server's open only under the same `SECRET`: under another one a client would be
    // registered whose secret the server never accepts.
    const keys = composeKeys(ground)
    await keys.signingKeys.forOrganisation(standard._id)
    return await run({
      config,
      organisation,
      organisations,
      keys,
      ...clientsOf(ground, organisations),
      ...organisationsOf(ground, organisations),
      ...loggedOf(ground),
      reviewers: createReviewers({ ...ground, store: createReviewerStore(documents) }),
      keyring: ground.keyring,
      clock,
    })
  } finally {
    await documents.close()
  }
}

type CommandGround = Omit<Ground, 'ephemeral' | 'hold'>

/** What is done with applications, and with those who sign in at them. */
function clientsOf(
  ground: CommandGround,
  organisations: Organisations,
): Pick<Installation, 'people' | 'clients' | 'clientAdministration' | 'registration'> {
  const { config, documents, clock } = ground
  const audit = createAudit({ store: createAuditStore(documents), clock })
  const denials = composeDenials(ground)
  const outgoing = outgoingRules(config)
  const clients = createClients({ ...ground, store: createClientStore(documents), outgoing })
  return {
    people: composePeopleBeside({ ...ground, denials, audit, clients }),
    clients,
    clientAdministration: composeClientAdministration({
      ...ground,
      denials,
      audit,
      clients,
      recent: { forget: async () => {} }, // servers remember a grant for a moment only
      outgoing,
    }),
    registration: composeRegistration(ground, organisations),
  }
}

/** What is done with organisations, with what they publish, and with those who look after them. */
function organisationsOf(ground: CommandGround, organisations: Organisations) {
  const { config, documents, clock } = ground
  const audit = createAudit({ store: createAuditStore(documents), clock })
  return {
    issuers: createIssuers({ baseUrl: config.baseUrl, organisations }),
    overview: composeOverview(ground),
    brands: composeBrands(ground, organisations),
    policies: composePolicies(ground, organisations),
    domains: composeDomains({ ...ground, audit, organisations }),
    organisationRemoval: composeOrganisationRemoval({ ...ground, audit, organisations }),
    organisationAdministration: composeOrganisationAdministration({
      organisations,
      audit,
      mailFrom: config.mailFrom,
    }),
    ...composeOperators(
      { ...ground, baseUrl: config.baseUrl },
      { organisations, sendMail: (message) => send(config, message) },
    ),
  }
}

/** What is written down of what was done. */
function loggedOf({
  documents,
  keyring,
  clock,
}: CommandGround): Pick<Installation, 'audit' | 'auditLog' | 'logouts'> {
  const store = createAuditStore(documents)
  return {
    audit: createAudit({ store, clock }),
    auditLog: createAuditLog({ store, keyring }),
    logouts: createLogoutLog({ store: createJobStore(documents), clock }),
  }
}

async function send({ smtpUrl, mailFrom }: Config, message: Message): Promise<void> {
  if (smtpUrl === undefined) return
  const mailer = createSmtpMailer({ url: smtpUrl, from: mailFrom })
  try {
    await mailer.send(message)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`The mail was not sent: ${reason}. Invite again when the mail server is well.`)
  } finally {
    await mailer.close()
  }
}
