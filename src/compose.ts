// Builds the whole server from a configuration: the only place where all parts meet.

import { join } from 'node:path'
import type Koa from 'koa'
import { createMailbox, type Mailbox } from '../adapters/mail/mailbox.ts'
import { createSmtpMailer } from '../adapters/mail/smtp.ts'
import { findRefreshTokenOwner } from '../adapters/oidc/refresh-tokens.ts'
import { createFrontPage } from '../interactions/front.ts'
import { createInteractions } from '../interactions/routes.ts'
import { classify, createApp, organisationOf } from './app.ts'
import { type Commerce, composeCommerce } from './compose/commerce.ts'
import { composeDevelopment, furnishDemo } from './compose/demo.ts'
import { composeEngines } from './compose/engines.ts'
import { type Ground, layGround, type World } from './compose/ground.ts'
import { composeIdentity, type Identity } from './compose/identity.ts'
import { composeKeys, type Keys } from './compose/keys.ts'
import { composeOperators } from './compose/operators.ts'
import type { Config } from './config.ts'
import { createRateLimiter } from './http/rate-limit.ts'
import type { Engines } from './provider/engines.ts'
import { dpopAlgorithms } from './provider/options.ts'
import { createResourceMetadata, METADATA_PATH } from './routes/client-api/metadata.ts'
import { createClientApi } from './routes/client-api/routes.ts'
import { createHealth } from './routes/health.ts'
import { createJobs, type Jobs } from './services/events/jobs.ts'
import { apiScopes } from './services/identity/api-scopes.ts'
import type { Clients } from './services/identity/clients.ts'
import { checkGuessBound } from './services/identity/guess-bound.ts'
import { keyJob } from './services/identity/key-rotation.ts'
import { createLogoutJob, LOGOUT } from './services/identity/logout-notices.ts'
import { resolveSignInSettings } from './services/identity/settings.ts'
import { auditJob, createAuditSealer, SEAL_AUDIT } from './services/organisations/audit-chain.ts'
import type { Invitations } from './services/organisations/invitations.ts'
import { createIssuers, type Issuers } from './services/organisations/issuers.ts'
import type { Operators } from './services/organisations/operators.ts'
import { createOrganisations, type Organisations } from './services/organisations/organisations.ts'
import { MINUTE } from './shared/clock.ts'
import { cookieNameOf, cookiePathOf } from './shared/issuer.ts'
import { createAuditStore } from './stores/audit.ts'
import type { Documents } from './stores/documents.ts'
import { StoreUnavailable } from './stores/errors.ts'
import { createJobStore } from './stores/jobs.ts'
import { createOrganisationStore, type Organisation } from './stores/organisations.ts'

export type Server = {
  app: Koa
  /** The default one. */
  organisation: Organisation
  organisations: Organisations
  documents: Documents
  clients: Clients
  operators: Operators
  invitations: Invitations
  /** What is done later, or again. */
  jobs: Pick<Jobs, 'runDue'>
  /** From now on `/readyz` says no. */
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
  const { config, documents } = ground
  const organisations = createOrganisations({
    store: createOrganisationStore(documents),
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
    commerce,
    ensureJob: (...job) => jobs.ensure(...job),
  })
  const { operators, invitations } = composeOperators(
    { ...ground, baseUrl: config.baseUrl },
    { organisations, sendMail: async (...mail) => identity.mails.queue(...mail) },
  )
  await operators.ensurePlatformOwners(config.operators)
  const keys = composeKeys(ground)
  const engines = composeEngines(ground, { issuers, identity, commerce, keys })
  if (!config.isProduction)
    await furnishDemo(ground, { organisation, isNew, clients: identity.clients })
  await engines.of(organisation) // the keys are made, or found to be sealed under another secret

  const state = { isDraining: false }
  const app = composeApp(ground, {
    organisation,
    organisations,
    issuers,
    identity,
    commerce,
    engines,
    mailbox,
    state,
  })
  const jobs = composeJobs(ground, { organisations, identity, keys, engines })
  for (const name of ['sessions.end-expired', 'signing-keys.tend', SEAL_AUDIT])
    await jobs.ensure(name, name)
  const stopJobs = jobs.start()
  await identity.denials.load()
  const stopDenials = identity.denials.start()
  const stopKeys = keys.watch(engines.keyMade)
  const stopOrganisations = organisations.start()

  return {
    app,
    organisation,
    organisations,
    documents,
    clients: identity.clients,
    operators,
    invitations,
    jobs,
    drain() {
      state.isDraining = true
    },
    async close() {
      stopOrganisations()
      stopDenials()
      stopKeys()
      await Promise.all([stopJobs(DRAIN), identity.mails.drain(DRAIN)])
      await mailer.close()
      await closeStores(ground)
    },
  }
}

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

function composeApp(
  ground: Ground,
  parts: {
    organisation: Organisation
    organisations: Organisations
    issuers: Issuers
    identity: Identity
    commerce: Commerce
    engines: ReturnType<typeof composeEngines>
    mailbox: Mailbox | undefined
    state: { isDraining: boolean }
  },
): Koa {
  const { config, documents, ephemeral, clock, log } = ground
  const { organisation, organisations, issuers, identity, commerce, engines, mailbox, state } =
    parts
  const { accounts } = identity
  const rateLimiter = createRateLimiter({
    ...(config.redisUrl && { increment: ephemeral.increment }),
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
    async refresh(request) {
      // Nothing else of the request says whose it is; an unknown one is refused by whichever engine.
      const id = await findRefreshTokenOwner(documents, request.refreshToken)
      const owner = id && (await organisations.findById(id))
      return (await engines.of(owner || organisation)).refresh(request)
    },
    checkProof: engines.checkProof,
    proofAlgorithms: dpopAlgorithms,
    metadataUri: `${config.baseUrl}${METADATA_PATH}`,
    baseUrl: config.baseUrl,
    rateLimiter,
    ...commerce,
    sessions: identity.sessions,
    classify,
    log,
  })
  const interactions = createInteractions({
    engineOf: async (owner) => (await engines.of(owner)).interactions,
    signIn: identity.signIn,
    emailOf: async (owner, id) => (await accounts.findActive(owner._id, id))?.displayEmail,
    organisationOf,
    issuerOf: issuers.issuerOf,
    knownBrowserCookieOf(owner) {
      const issuer = issuers.issuerOf(owner)
      return {
        name: cookieNameOf(issuer, 'known'),
        path: cookiePathOf(issuer),
        secure: issuer.startsWith('https:'),
      }
    },
    clock,
    log,
  })
  const development = config.isProduction
    ? []
    : [composeDevelopment(config, { organisation, mailbox })]
  return createApp({
    baseUrl: config.baseUrl,
    isProduction: config.isProduction,
    trustProxy: config.trustProxy,
    issuers,
    engine: async (ctx) => (await engines.of(organisationOf(ctx))).handle(ctx.req, ctx.res),
    health: createHealth({
      isDraining: () => state.isDraining,
      async checkReady() {
        await Promise.all([documents.ping(), ephemeral.ping(), engines.of(organisation)])
      },
    }),
    issuerSurfaces: [interactions],
    baseSurfaces: [
      clientApi,
      createResourceMetadata({
        baseUrl: config.baseUrl,
        scopes: apiScopes,
        proofAlgorithms: dpopAlgorithms,
      }),
      ...development,
    ],
    frontPage: createFrontPage({ organisationOf }),
    ...(!config.isProduction && { demoFolder: join(import.meta.dirname, '../apps/demo/dist') }),
    log,
  })
}

function composeJobs(
  { documents, keyring, clock, log }: Ground,
  parts: { organisations: Organisations; identity: Identity; keys: Keys; engines: Engines },
): Jobs {
  const { organisations, identity, keys, engines } = parts
  return createJobs({
    store: createJobStore(documents),
    clock,
    log,
    kinds: {
      'sessions.end-expired': {
        // A part at a time: the next one begins at once, with a lease of its own.
        run: async () => ({ again: (await identity.sessions.endExpired()) ? 5 * MINUTE : 0 }),
      },
      'signing-keys.tend': keyJob(keys.rotation),
      [SEAL_AUDIT]: auditJob(
        createAuditSealer({ store: createAuditStore(documents), keyring, log }),
      ),
      [LOGOUT]: createLogoutJob({
        async send(notice) {
          const organisation = await organisations.findById(notice.organisation)
          if (!organisation)
            throw new TypeError(`a notice of no organisation: ${notice.organisation}`)
          return (await engines.of(organisation)).sendLogoutToken(notice)
        },
        clock,
        log,
      }),
    },
  })
}
