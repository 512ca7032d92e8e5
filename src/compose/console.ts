// The console joined to what it stands on: its client, its sessions, the provider, and the Admin API.

import type { Context, Middleware } from 'koa'
import {
  type ConsolePages,
  createConsolePages,
  createInvitationPages,
} from '../../interactions/console.ts'
import { classify, organisationOf } from '../app.ts'
import { isRead } from '../http/host.ts'
import { createInProcessFetch } from '../provider/in-process.ts'
import { ADMIN_API_PATH } from '../routes/admin-api/routes.ts'
import { createProvider } from '../routes/relying-party/provider.ts'
import { createRelyingParty, type RelyingParty } from '../routes/relying-party/routes.ts'
import type { Clients } from '../services/identity/clients/clients.ts'
import {
  CONSOLE_CLIENT_ID,
  consoleSecret,
  ensureConsoleClient,
} from '../services/identity/clients/console-client.ts'
import { createRelyingPartyAttempts } from '../services/identity/sessions/relying-party-attempts.ts'
import { createRelyingPartySessions } from '../services/identity/sessions/relying-party-sessions.ts'
import type { Sessions } from '../services/identity/sessions/sessions.ts'
import type { ConsoleAccess } from '../services/operators/console-access.ts'
import type { Invitations } from '../services/operators/invitations.ts'
import type { Operators } from '../services/operators/operators.ts'
import type { Issuers } from '../services/organisations/issuers.ts'
import type { Organisations } from '../services/organisations/organisations.ts'
import { HOUR } from '../shared/clock.ts'
import { createClientStore } from '../stores/clients.ts'
import type { Organisation } from '../stores/organisations.ts'
import { createRelyingPartySessionStore } from '../stores/relying-party-sessions.ts'
import type { composeEngines } from './engines.ts'
import { isConsolePage } from './front-ends.ts'
import type { Ground } from './ground.ts'
import { composeConsoleAccess } from './operators.ts'
import { composeTestSignIn } from './test-sign-ins.ts'

const PATH = '/admin'
/** A working day: after it whoever sits there proves the address again. */
const LIFE = 12 * HOUR
/** What the Admin API takes: JSON, pictures for brands, and texts of policies. */
const BODY_TYPES = [
  'application/json',
  'application/merge-patch+json',
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/svg+xml',
  'text/markdown',
]

export function keepConsole(
  { config, documents, clock }: Ground,
  organisation: Organisation,
): Promise<void> {
  const store = createClientStore(documents)
  const { baseUrl } = config
  return ensureConsoleClient({ store, clock, organisation: organisation._id, baseUrl })
}

type Parts = {
  /** The default one. */
  organisation: Organisation
  issuers: Issuers
  engines: ReturnType<typeof composeEngines>
  identity: { sessions: Pick<Sessions, 'end'>; clients: Pick<Clients, 'find'> }
  operators: Operators
  organisations: Organisations
  invitations: Invitations
}

/** What stands before the APIs and the built files, and what answers where those are missing. */
export function composeConsole(
  ground: Ground,
  parts: Parts,
): { before: Middleware[]; last: Middleware } {
  const pages = createConsolePages({ organisationOf, issuerOf: parts.issuers.issuerOf })
  const party = composeParty(ground, parts, pages)
  const invitations = createInvitationPages({
    ...party,
    organisationOf,
    issuerOf: parts.issuers.issuerOf,
    invitations: parts.invitations,
    personOf: party.sessionOf,
  })
  const testSignIn = composeTestSignIn(ground, { ...parts, ...parts.identity, party })
  const access = composeConsoleAccess(ground)
  return {
    before: [party.routes, testSignIn, invitations, onlyOperators({ party, access, pages })],
    last: (ctx, next) => (ctx.path === `${PATH}/` && isRead(ctx) ? pages.unbuilt(ctx) : next()),
  }
}

function composeParty(ground: Ground, parts: Parts, pages: ConsolePages): RelyingParty {
  const { config, documents, ephemeral, keyring, random, clock, log } = ground
  const { organisation, engines, identity } = parts
  const { baseUrl } = config
  const provider = createProvider({
    issuer: baseUrl,
    client: { id: CONSOLE_CLIENT_ID, secret: consoleSecret(keyring).current() },
    redirectUri: `${baseUrl}${PATH}/callback`,
    scope: 'openid email',
    resource: `${baseUrl}${ADMIN_API_PATH}`,
    maxAge: LIFE,
    async fetch(address, init) {
      const { handle } = await engines.of(organisation)
      return createInProcessFetch(baseUrl, handle)(address, init)
    },
  })
  const sessions = createRelyingPartySessions({
    name: CONSOLE_CLIENT_ID,
    organisation: organisation._id,
    life: LIFE,
    store: createRelyingPartySessionStore(documents),
    check: engines.checkAdminToken,
    refresh: provider.refresh,
    async endAtProvider({ account, session }) {
      await identity.sessions.end({ organisation: organisation._id, account }, session)
    },
    keyring,
    random,
    clock,
    wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  })
  return createRelyingParty({
    name: CONSOLE_CLIENT_ID,
    base: baseUrl,
    path: PATH,
    provider,
    sessions,
    attempts: createRelyingPartyAttempts({ name: CONSOLE_CLIENT_ID, ephemeral, keyring }),
    api: { path: ADMIN_API_PATH, types: BODY_TYPES },
    pages,
    random,
    clock,
    classify,
    log,
  })
}

/**
 * Who is not signed in is led to sign-in before anything of the console is loaded, and from there back to the page;
 * who is signed in and no operator is told so. The console itself still looks: sessions end while it is open.
 */
function onlyOperators(parts: {
  party: RelyingParty
  access: ConsoleAccess
  pages: ConsolePages
}): Middleware {
  const { party, access, pages } = parts
  return async (ctx, next) => {
    if (!isPage(ctx)) return next()
    const person = await party.sessionOf(ctx)
    const isShell = ctx.path === PATH || isConsolePage(ctx.path)
    // Who has signed in gets another answer at the same address.
    if (isShell) ctx.set('Cache-Control', person ? 'private, no-cache' : 'no-store')
    if (!person) return isShell ? ctx.redirect(party.signInAddress(ctx.url)) : next()
    if (await access.isOperator(person.email)) return next()
    const { email } = person
    pages.noOperator(ctx, { email, isInvited: await access.isExpected(email) })
  }
}

function isPage(ctx: Context): boolean {
  const isBelow = ctx.path === PATH || ctx.path.startsWith(`${PATH}/`)
  return isBelow && isRead(ctx) && !ctx.path.startsWith(`${PATH}/assets/`)
}
