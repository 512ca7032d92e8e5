// Builds the whole server from a configuration: the only place where all parts meet.

import { join } from 'node:path'
import type Koa from 'koa'
import { createMailbox, type Mailbox } from '../adapters/mail/mailbox.ts'
import { createSmtpMailer } from '../adapters/mail/smtp.ts'
import { createEngineAdapter } from '../adapters/oidc/adapter.ts'
import { extraClientMetadata } from '../adapters/oidc/client-model.ts'
import { removeExpiredSessions } from '../adapters/oidc/expiry.ts'
import { createEnginePages } from '../interactions/engine-pages.ts'
import { createInteractions } from '../interactions/routes.ts'
import { classify, createApp, organisationOf } from './app.ts'
import type { Config } from './config.ts'
import { developmentSecret } from './development-secret.ts'
import { addressLockedMail } from './emails/address-locked.ts'
import type { Mailer } from './emails/message.ts'
import { signInCodeMail } from './emails/sign-in-code.ts'
import { createRateLimiter } from './http/rate-limit.ts'
import { requestIdOf } from './http/request-id.ts'
import { openDocuments, openEphemeral } from './open-stores.ts'
import { createCheckAccessToken } from './provider/access-tokens.ts'
import { createEngines, type Engines } from './provider/engines.ts'
import { createResourceMetadata, METADATA_PATH } from './routes/client-api/metadata.ts'
import { CLIENT_API_PATH, createClientApi } from './routes/client-api/routes.ts'
import { createDevelopment } from './routes/development.ts'
import { createHealth } from './routes/health.ts'
import { createCustomers } from './services/commerce/customers.ts'
import { seedDemoData } from './services/commerce/demo-data.ts'
import { createHistory } from './services/commerce/history.ts'
import { createJobs } from './services/events/jobs.ts'
import { type Accounts, createAccounts } from './services/identity/accounts.ts'
import { apiScopes, apiScopesOf } from './services/identity/api-scopes.ts'
import { type Clients, createClients } from './services/identity/clients.ts'
import { type CodeMails, createCodeMails } from './services/identity/code-mails.ts'
import { DEMO_CLIENT_ID, DEMO_SCOPES, ensureDemoClient } from './services/identity/demo-client.ts'
import { createGuessBudgets } from './services/identity/guess-budget.ts'
import { createPermissions } from './services/identity/permissions.ts'
import { createSendLimits } from './services/identity/send-limits.ts'
import { createSignIn, type SignIn } from './services/identity/sign-in.ts'
import { createSigningKeys } from './services/identity/signing-keys.ts'
import { createAudit } from './services/organisations/audit.ts'
import { createOrganisations } from './services/organisations/organisations.ts'
import { type Clock, HOUR, systemClock } from './shared/clock.ts'
import { locales } from './shared/locale.ts'
import { createLog, type Log } from './shared/log.ts'
import { createKeyring, type Keyring, type Random, systemRandom } from './shared/secrets.ts'
import { createAccountStore } from './stores/accounts.ts'
import { createAuditStore } from './stores/audit.ts'
import { createBookingStore } from './stores/bookings.ts'
import { createClientStore } from './stores/clients.ts'
import { createCustomerStore } from './stores/customers.ts'
import type { Documents } from './stores/documents.ts'
import { createEnquiryStore } from './stores/enquiries.ts'
import type { Ephemeral } from './stores/ephemeral.ts'
import { StoreUnavailable } from './stores/errors.ts'
import { createGuessBudgetStore } from './stores/guess-budgets.ts'
import { createJobStore } from './stores/jobs.ts'
import { createOrderStore } from './stores/orders.ts'
import { createOrganisationStore, type Organisation } from './stores/organisations.ts'
import { createPermissionStore } from './stores/permissions.ts'
import { createSigningKeyStore } from './stores/signing-keys.ts'

/** What tests may put in the place of the machine's own. */
export type World = { clock: Clock; random: Random; log: Log }

export type Server = {
  app: Koa
  organisation: Organisation
  documents: Documents
  clients: Clients
  /** From now on `/readyz` says no. */
  drain(): void
  /** Waits for what is under way (mails, a running job), then closes the stores. */
  close(): Promise<void>
}

/** The ground that every part stands on. */
type Ground = World & {
  config: Config
  documents: Documents
  ephemeral: Ephemeral
  keyring: Keyring
}

/** Opens the stores, makes what is missing, and joins all parts. Nothing listens yet. */
export async function compose(config: Config, world: Partial<World> = {}): Promise<Server> {
  const ground = await layGround(config, world)
  const { documents, ephemeral } = ground
  const { organisation, isNew } = await createOrganisations({
    store: createOrganisationStore(documents),
    clock: ground.clock,
  }).ensureDefault(config.organisationName)

  const mailbox = config.smtpUrl || config.isProduction ? undefined : createMailbox(ground)
  const mailer = mailbox ?? createSmtpMailer({ url: config.smtpUrl ?? '', from: config.mailFrom })
  const commerce = composeCommerce(ground)
  const identity = composeIdentity(ground, { mailer, commerce })
  const engines = composeEngines(ground, { organisation, identity, commerce })
  if (!config.isProduction)
    await furnishDemo(ground, { organisation, isNew, clients: identity.clients })
  await engines.of(organisation) // the keys are made, or found to be sealed under another secret

  const state = { isDraining: false }
  const app = composeApp(ground, { organisation, identity, commerce, engines, mailbox, state })
  const jobs = composeJobs(ground)
  await jobs.ensure('sessions.remove-expired', 'sessions.remove-expired')
  const stopJobs = jobs.start()

  return {
    app,
    organisation,
    documents,
    clients: identity.clients,
    drain() {
      state.isDraining = true
    },
    async close() {
      await stopJobs()
      await identity.mails.drain(MAIL_DRAIN)
      await mailer.close()
      await Promise.all([documents.close(), ephemeral.close()])
    },
  }
}

/** How long a stopping process waits for mails that are on their way, in milliseconds. */
const MAIL_DRAIN = 5000

async function layGround(config: Config, world: Partial<World>): Promise<Ground> {
  const {
    clock = systemClock,
    random = systemRandom,
    log = createLog({
      level: config.logLevel,
      format: config.isProduction ? 'json' : 'text',
    }),
  } = world
  const secrets = config.secrets.length > 0 ? config.secrets : [developmentSecret(config.dataDir)]
  const documents = await openDocuments(config, clock)
  const ephemeral = await openEphemeral(config, { clock, log })
  return { config, clock, random, log, documents, ephemeral, keyring: createKeyring(secrets) }
}

type Commerce = ReturnType<typeof composeCommerce>

function composeCommerce({ documents, keyring, clock }: Ground) {
  return {
    customers: createCustomers({ store: createCustomerStore(documents), clock }),
    history: createHistory({
      orders: createOrderStore(documents),
      bookings: createBookingStore(documents),
      enquiries: createEnquiryStore(documents),
      keyring,
    }),
  }
}

type Identity = { accounts: Accounts; clients: Clients; signIn: SignIn; mails: CodeMails }

function composeIdentity(
  ground: Ground,
  { mailer, commerce }: { mailer: Mailer; commerce: Commerce },
): Identity {
  const { documents, ephemeral, keyring, clock, random, log, config } = ground
  const audit = createAudit({ store: createAuditStore(documents), clock })
  const accounts = createAccounts({
    store: createAccountStore(documents),
    findCustomer: commerce.customers.findForAccount,
    clock,
  })
  const clients = createClients({
    store: createClientStore(documents),
    keyring,
    clock,
    random,
    allowPlainHttp: config.baseUrl.startsWith('http:'),
  })
  const wait = (milliseconds: number) =>
    new Promise<void>((resolve) => setTimeout(resolve, milliseconds).unref())
  const mails = createCodeMails({ mailer, clock, wait, log })
  const signIn = createSignIn({
    ephemeral,
    accounts,
    budgets: createGuessBudgets({ store: createGuessBudgetStore(documents), keyring, clock }),
    limits: createSendLimits({ ephemeral, keyring, clock, log }),
    mails,
    writeCodeMail: ({ organisation, ...data }) =>
      signInCodeMail({ ...data, brand: organisation.name, timeZone: organisation.timeZone }),
    writeLockMail: ({ organisation, ...data }) =>
      addressLockedMail({ ...data, brand: organisation.name, timeZone: organisation.timeZone }),
    audit: audit.record,
    keyring,
    random,
    clock,
  })
  return { accounts, clients, signIn, mails }
}

function composeEngines(
  ground: Ground,
  parts: { organisation: Organisation; identity: Identity; commerce: Commerce },
): Engines & { checkAccessToken: ReturnType<typeof createCheckAccessToken> } {
  const { config, documents, ephemeral, keyring, clock, log } = ground
  const { identity, commerce, organisation } = parts
  const clientApi = `${config.baseUrl}${CLIENT_API_PATH}`
  const checkAccessToken = createCheckAccessToken({
    clientApi,
    clock,
    async keysOf(issuer) {
      return issuer === config.baseUrl ? (await engines.of(organisation)).keys : undefined
    },
  })
  const engines = createEngines({
    issuerOf: () => config.baseUrl,
    clientApi,
    adapterFor: (organisationId) =>
      createEngineAdapter({
        organisation: organisationId,
        documents,
        ephemeral,
        clock,
        findClient: identity.clients.find,
        placeholderSecret: (clientId) => keyring.digest('client-secret-placeholder', clientId),
      }),
    clientMetadata: extraClientMetadata,
    cookieKeys: keyring.keys('cookies'),
    signingKeys: createSigningKeys({ store: createSigningKeyStore(documents), keyring, clock }),
    permissions: createPermissions({ store: createPermissionStore(documents), clock }),
    pagesOf: (owner) =>
      createEnginePages({ organisation: owner, requestIdOf: (ctx) => requestIdOf(ctx.req) }),
    locales,
    apiScopes: { all: apiScopes, of: apiScopesOf },
    findAccount: identity.accounts.findActive,
    claimsOfCustomer: commerce.customers.claims,
    verifyClientSecret: identity.clients.verifySecret,
    checkAccessToken,
    requestIdOf,
    fetch: (url, options) => globalThis.fetch(url, options),
    log,
  })
  return { ...engines, checkAccessToken }
}

function composeApp(
  ground: Ground,
  parts: {
    organisation: Organisation
    identity: Identity
    commerce: Commerce
    engines: ReturnType<typeof composeEngines>
    mailbox: Mailbox | undefined
    state: { isDraining: boolean }
  },
): Koa {
  const { config, documents, ephemeral, clock, log } = ground
  const { organisation, identity, commerce, engines, mailbox, state } = parts
  const { accounts } = identity
  const rateLimiter = createRateLimiter({
    increment: (key, window) => ephemeral.increment(key, window),
    isOutage: (error) => error instanceof StoreUnavailable,
    clock,
  })
  const clientApi = createClientApi({
    checkAccessToken: engines.checkAccessToken,
    async customerOf(organisationId, id) {
      const account = await accounts.findActive(organisationId, id)
      if (!account) return { outcome: 'no-account' }
      return account.customer
        ? { outcome: 'linked', customer: account.customer }
        : { outcome: 'not-linked' }
    },
    refresh: async (request) => (await engines.of(organisation)).refresh(request),
    metadataUri: `${config.baseUrl}${METADATA_PATH}`,
    baseUrl: config.baseUrl,
    rateLimiter,
    ...commerce,
    classify,
    log,
  })
  const interactions = createInteractions({
    engineOf: async (owner) => (await engines.of(owner)).interactions,
    signIn: identity.signIn,
    emailOf: async (owner, id) => (await accounts.findActive(owner._id, id))?.displayEmail,
    organisationOf,
    originOf: () => config.baseUrl,
    clock,
  })
  const development = mailbox && composeDevelopment(config, { organisation, mailbox })
  return createApp({
    baseUrl: config.baseUrl,
    isProduction: config.isProduction,
    trustProxy: config.trustProxy,
    organisation,
    engine: async (ctx) => (await engines.of(organisationOf(ctx))).handle(ctx.req, ctx.res),
    health: createHealth({
      isDraining: () => state.isDraining,
      async checkReady() {
        await Promise.all([documents.ping(), ephemeral.ping(), engines.of(organisation)])
      },
    }),
    surfaces: [
      clientApi,
      createResourceMetadata({ baseUrl: config.baseUrl, scopes: apiScopes }),
      interactions,
      ...(development ? [development] : []),
    ],
    ...(!config.isProduction && { demoFolder: join(import.meta.dirname, '../apps/demo/dist') }),
    log,
  })
}

function composeDevelopment(
  config: Config,
  { organisation, mailbox }: { organisation: Organisation; mailbox: Mailbox },
) {
  return createDevelopment({
    brand: organisation.name,
    listMails: mailbox.list,
    demo: {
      issuer: config.baseUrl,
      clientId: DEMO_CLIENT_ID,
      scope: DEMO_SCOPES.join(' '),
      api: `${config.baseUrl}${CLIENT_API_PATH}`,
      brand: organisation.name,
    },
  })
}

async function furnishDemo(
  ground: Ground,
  parts: { organisation: Organisation; isNew: boolean; clients: Clients },
): Promise<void> {
  const { documents, clock, config } = ground
  const { organisation, isNew, clients } = parts
  await ensureDemoClient({
    clients,
    store: createClientStore(documents),
    clock,
    organisation: organisation._id,
    baseUrl: config.baseUrl,
  })
  if (!isNew) return
  const stores = {
    customers: createCustomerStore(documents),
    orders: createOrderStore(documents),
    bookings: createBookingStore(documents),
    enquiries: createEnquiryStore(documents),
  }
  await seedDemoData({ ...stores, clock }, organisation)
}

function composeJobs({ documents, clock, log }: Ground) {
  return createJobs({
    store: createJobStore(documents),
    clock,
    log,
    kinds: {
      'sessions.remove-expired': {
        async run() {
          await removeExpiredSessions(documents, clock.now())
          return { again: HOUR }
        },
      },
    },
  })
}
