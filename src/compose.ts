// Builds the whole server from a configuration: the only place where all parts meet.

import type Koa from 'koa'
import { createMailbox } from '../adapters/mail/mailbox.ts'
import { createSmtpMailer } from '../adapters/mail/smtp.ts'
import { composeBrands } from './compose/brands.ts'
import { composeCommerce } from './compose/commerce.ts'
import { keepConsole } from './compose/console.ts'
import { furnishDemo } from './compose/demo.ts'
import { composeDemoShop, type DemoShop } from './compose/demo-shop.ts'
import { composeEngines } from './compose/engines.ts'
import { type Ground, layGround, type World } from './compose/ground.ts'
import { composeIdentity, type Identity } from './compose/identity.ts'
import { composeJobs } from './compose/jobs.ts'
import { composeKeys, type Keys } from './compose/keys.ts'
import { composeOperators } from './compose/operators.ts'
import { composeOrganisationRemoval } from './compose/organisation-removal.ts'
import { composePolicies } from './compose/policies.ts'
import { composeRegistration } from './compose/registration.ts'
import { composeApp } from './compose/surfaces.ts'
import type { Config } from './config.ts'
import { createEventStreams } from './http/event-streams.ts'
import type { Engines } from './provider/engines.ts'
import { streamLimits } from './routes/client-api/limits.ts'
import { createAudit } from './services/audit/audit.ts'
import { SEAL_AUDIT } from './services/audit/audit-chain.ts'
import { TEND_CUSTOMERS } from './services/commerce/customer-keys.ts'
import type { Jobs } from './services/events/jobs.ts'
import type { Clients } from './services/identity/clients/clients.ts'
import type { Registration } from './services/identity/clients/registration.ts'
import { TEND_CLIENTS } from './services/identity/clients/secret-warnings.ts'
import { checkGuessBound } from './services/identity/limits/guess-bound.ts'
import { resolveSignInSettings } from './services/identity/limits/settings.ts'
import type { ApiKeys } from './services/operators/api-keys.ts'
import type { Invitations } from './services/operators/invitations.ts'
import type { Operators } from './services/operators/operators.ts'
import type { Brands } from './services/organisations/brands.ts'
import { createIssuers } from './services/organisations/issuers.ts'
import { TEND_REMOVALS } from './services/organisations/organisation-removal.ts'
import { createOrganisations, type Organisations } from './services/organisations/organisations.ts'
import type { Policies } from './services/organisations/policies.ts'
import { createAuditStore } from './stores/audit.ts'
import type { Documents } from './stores/documents.ts'
import { createOrganisationStore, type Organisation } from './stores/organisations.ts'

export type { DemoShop } from './compose/demo-shop.ts'

export type Server = {
  app: Koa
  /** Listens by itself, on a port of its own. */
  demoShop: DemoShop | undefined
  /** The default one. */
  organisation: Organisation
  organisations: Organisations
  documents: Documents
  clients: Clients
  operators: Operators
  invitations: Invitations
  apiKeys: ApiKeys
  policies: Policies
  brands: Brands
  registration: Registration
  /** What is done later, or again. */
  jobs: Pick<Jobs, 'runDue'>
  /** From now on `/readyz` says no, and answers that stay open end. */
  drain(): void
  /** Waits for what is under way (mails, a running job), then closes the stores. */
  close(): Promise<void>
}

/** Opens the stores, makes what is missing, and joins all parts. Nothing listens yet. */
export async function compose(config: Config, world: Partial<World> = {}): Promise<Server> {
  const ground = await layGround(config, world)
  try {
    return await composeOn(ground)
  } catch (error) {
    await closeStores(ground) // a start that is tried again opens them anew
    throw error
  }
}

async function composeOn(ground: Ground): Promise<Server> {
  const { config } = ground
  const organisations = createOrganisations({
    store: createOrganisationStore(ground.documents),
    clock: ground.clock,
    log: ground.log,
  })
  const { organisation, isNew } = await organisations.ensureDefault(config.organisationName)
  await checkGuessBounds(organisations)
  const issuers = createIssuers({ baseUrl: config.baseUrl, organisations })

  const mailbox = config.smtpUrl || config.isProduction ? undefined : createMailbox(ground)
  const mailer = mailbox ?? createSmtpMailer({ url: config.smtpUrl ?? '', from: config.mailFrom })
  const commerce = composeCommerce(ground)
  const identity = composeIdentity(ground, {
    mailer,
    issuerOf: issuers.issuerOf,
    commerce,
    ensureJob: (...job) => jobs.ensure(...job),
    isRemoved: organisations.isRemoved,
  })
  const administration = await composeAdministration(ground, { organisations, identity })
  const keys = composeKeys(ground)
  const engines = composeEngines(ground, { organisation, issuers, identity, commerce, keys })
  await keepConsole(ground, organisation)
  if (!config.isProduction)
    await furnishDemo(ground, { organisation, isNew, clients: identity.clients })
  await engines.of(organisation) // the keys are made, or found to be sealed under another secret

  const state = { isDraining: false }
  const streams = createEventStreams({ limits: streamLimits, clock: ground.clock })
  const parts = { organisations, identity, keys, engines, mailer, ...administration }
  const app = composeApp(ground, {
    ...parts,
    organisation,
    issuers,
    commerce,
    mailbox,
    state,
    streams,
  })
  const jobs = composeJobs(ground, { ...parts, removal: removalOf(ground, organisations) })
  const stop = await startWork(jobs, parts)

  return {
    app,
    demoShop: composeDemoShop(config, organisation),
    organisation,
    organisations,
    documents: ground.documents,
    clients: identity.clients,
    ...administration,
    jobs,
    drain() {
      state.isDraining = true
      streams.drain()
    },
    async close() {
      await stop()
      await mailer.close()
      await closeStores(ground)
    },
  }
}

type Administration = Pick<
  Server,
  'operators' | 'invitations' | 'apiKeys' | 'policies' | 'brands' | 'registration'
>

/** What operators decide, and who they are. */
async function composeAdministration(
  ground: Ground,
  { organisations, identity }: { organisations: Organisations; identity: Identity },
): Promise<Administration> {
  const { config } = ground
  const people = composeOperators(
    { ...ground, baseUrl: config.baseUrl },
    { organisations, sendMail: async (...mail) => identity.mails.queue(...mail) },
  )
  await people.operators.ensurePlatformOwners(config.operators)
  return {
    ...people,
    policies: composePolicies(ground, organisations),
    brands: composeBrands(ground, organisations),
    registration: composeRegistration(ground, organisations),
  }
}

function removalOf(ground: Ground, organisations: Organisations) {
  const audit = createAudit({ store: createAuditStore(ground.documents), clock: ground.clock })
  return composeOrganisationRemoval({ ...ground, organisations, audit })
}

/** What goes on beside requests. The result ends it, and waits for what is under way. */
async function startWork(
  jobs: Jobs,
  parts: {
    organisations: Organisations
    identity: Identity
    keys: Keys
    engines: Pick<Engines, 'keyMade'>
  },
): Promise<() => Promise<void>> {
  const { organisations, identity, keys, engines } = parts
  for (const name of recurring) await jobs.ensure(name, name)
  const stopJobs = jobs.start()
  await identity.denials.load()
  const stopDenials = identity.denials.start()
  const stopKeys = keys.watch(engines.keyMade)
  const stopOrganisations = organisations.start()
  const stopTally = identity.tally.start()
  return async () => {
    stopOrganisations()
    stopDenials()
    stopKeys()
    await Promise.all([stopJobs(DRAIN), identity.mails.drain(DRAIN), stopTally(DRAIN)])
  }
}

const recurring = [
  'sessions.end-expired',
  'signing-keys.tend',
  SEAL_AUDIT,
  TEND_REMOVALS,
  TEND_CLIENTS,
  TEND_CUSTOMERS,
]

const PAGE = 500

/** No organisation's settings may make codes easier to guess than is promised. */
async function checkGuessBounds(organisations: Organisations): Promise<void> {
  checkGuessBound(resolveSignInSettings())
  let last: Organisation | undefined
  do {
    const page = await organisations.listWithOverrides(PAGE, last)
    for (const { signIn } of page) checkGuessBound(resolveSignInSettings(signIn))
    last = page.length === PAGE ? page.at(-1) : undefined
  } while (last)
}

async function closeStores({ documents, ephemeral }: Ground): Promise<void> {
  await Promise.all([documents.close(), ephemeral.close()])
}

/** How long a stopping process waits for mails and jobs that are under way, in milliseconds. */
const DRAIN = 3000
