// The engines of all issuers: built at first use, one build at a time for each, the least recently used dropped.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AccessToken, AdapterFactory, Configuration, KoaContextWithOIDC } from 'oidc-provider'
import type { Permissions } from '../services/identity/accounts/permissions.ts'
import { lifetimesOf, resolveLifetimes } from '../services/identity/clients/lifetimes.ts'
import type { KeySet, SigningKeys } from '../services/identity/keys/signing-keys.ts'
import type { Restarts } from '../services/identity/sign-in/restarts.ts'
import { putBounded } from '../shared/bounded-map.ts'
import type { Clock } from '../shared/clock.ts'
import type { Log } from '../shared/log.ts'
import type { Random } from '../shared/secrets.ts'
import type { Account } from '../stores/accounts.ts'
import type { Client } from '../stores/clients.ts'
import type { Organisation } from '../stores/organisations.ts'
import { type CheckAccessToken, type IssuerKeys, publicKeys } from './access-tokens.ts'
import { type BrowserSessions, createBrowserSessions } from './browser-session.ts'
import { createFindAccount, type PersonClaims } from './claims.ts'
import type { CookieDigests } from './cookie-signatures.ts'
import { createFirstPartyCodes, type FirstPartyCodes } from './first-party-codes.ts'
import { createLoadExistingGrant } from './grants.ts'
import { createInteractionEngine } from './interactions.ts'
import { createSendLogoutToken, type SendLogoutToken, type SignedOutClient } from './logout.ts'
import { type EnginePages, engineOptions, type OptionsParts } from './options.ts'
import { createDispatch, createProvider } from './provider.ts'
import { type RefreshAnswer, type RefreshRequest, refreshTokens } from './refresh.ts'
import type { RegistrationParts } from './registration.ts'
import { createRenewed, type Renewed } from './renewal.ts'
import { createResources } from './resources.ts'
import { createRestartPoints } from './restarts.ts'
import type { RotationParts } from './rotation.ts'

export type EnginesParts = {
  issuerOf(organisation: Organisation): string
  /** The Client API's address, the `aud` of its tokens. */
  clientApi: string
  /** The Admin API's address, and the one client that gets tokens for it. */
  adminApi: { address: string; client: string }
  adapterFor(organisation: Organisation): AdapterFactory
  clientMetadata: readonly string[]
  /** Cookies of one organisation are worth nothing to another. */
  cookieDigestsOf(organisation: Organisation): CookieDigests
  signingKeys: SigningKeys
  permissions: Permissions
  pagesOf(organisation: Organisation): EnginePages
  locales: readonly string[]
  apiScopes: { all: readonly string[]; of(client: Client): readonly string[] }
  findAccount(organisation: string, accountId: string): Promise<Account | undefined>
  claimsOfCustomer(organisation: string, customer: string): Promise<PersonClaims>
  verifyClientSecret(client: Client, secret: string): Promise<boolean>
  isTestAddress(client: Client, uri: string): boolean
  /** Whether it is a preview that nobody can sign in at any more. */
  hasEnded(organisation: string, clientId: string): Promise<boolean>
  /** Somebody who is signed in comes to an application; resolves when they are to it what they have to be. */
  onEntered(organisation: Organisation, account: string, client: Client): Promise<void>
  checkAccessToken: CheckAccessToken
  /** A session of the organisation has ended, for good; resolves when that is kept. */
  onSessionEnded(organisation: Organisation, uid: string): Promise<void>
  /** Gives a session one more cookie; `undefined` when it is over, or another account's. */
  handOnSession(
    organisation: Organisation,
    uid: string,
    account: string,
  ): Promise<string | undefined>
  /** Whether a session's cookie is one that it was handed on by. */
  isHandedOn(cookie: string): boolean
  /** Somebody signed out of one application and stays signed in; resolves when that is kept. */
  onClientSignedOut(organisation: Organisation, client: SignedOutClient): Promise<void>
  /** How an organisation's refresh tokens are replaced. */
  rotationOf(organisation: Organisation): RotationParts
  restarts: Restarts
  /** Where applications register by themselves; `undefined` where only operators register them. */
  registrationOf(organisation: Organisation): RegistrationParts | undefined
  requestIdOf(req: IncomingMessage): string | undefined
  clock: Clock
  /** Every outgoing request of the engine. */
  fetch: typeof fetch
  random: Random
  log: Log
}

/** One issuer's engine and what the rest of the house asks of it. */
export type Engine = BrowserSessions & {
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>
  interactions: ReturnType<typeof createInteractionEngine>
  firstPartyCodes: FirstPartyCodes
  refresh(request: RefreshRequest): Promise<RefreshAnswer>
  sendLogoutToken: SendLogoutToken
  keys: IssuerKeys
}

export type Engines = {
  of(organisation: Organisation): Promise<Engine>
  /** A key was made, by whomever: an engine that does not know it is built anew. Nothing happens where none is built. */
  keyMade(organisation: string, kid: string): Promise<void>
}

/** One is built in 3 ms of CPU and holds some 80 KiB: ten thousand organisations stay within 300 MiB (`npm run bench`). */
const MAX_ENGINES = 150

/** An engine, and the organisation as it was when it was built. */
type Built = { organisation: Organisation; engine: Renewed<Engine> }

export function createEngines(parts: EnginesParts): Engines {
  const engines = new Map<string, Built>()
  return {
    of(organisation) {
      const known = engines.get(organisation._id)
      // An organisation that has changed gets a new engine; requests under way end on the old one.
      const isCurrent = known && changesOf(known.organisation) >= changesOf(organisation)
      const built = isCurrent ? known : { organisation, engine: renewedEngine(parts, organisation) }
      // Put at the end on every use: the first is the least recently used.
      putBounded(engines, { key: organisation._id, value: built, most: MAX_ENGINES })
      return built.engine.current()
    },

    async keyMade(organisation, kid) {
      await engines.get(organisation)?.engine.keyMade(kid)
    },
  }
}

/** Counted rather than timed: two changes may have one instant. */
function changesOf({ version }: Organisation): number {
  return version ?? 0
}

/** The organisation's engine, swapped when its keys change: what is under way ends on the one before. */
function renewedEngine(parts: EnginesParts, organisation: Organisation): Renewed<Engine> {
  return createRenewed({
    read: () => parts.signingKeys.forOrganisation(organisation._id),
    build: (keys) => buildEngine(parts, organisation, keys),
    clock: parts.clock,
    log: parts.log.child({ organisation: organisation._id }),
  })
}

function buildEngine(parts: EnginesParts, organisation: Organisation, keys: KeySet): Engine {
  const pages = parts.pagesOf(organisation)
  const restarts = createRestartPoints({ ...parts, organisation: organisation._id })
  const registration = parts.registrationOf(organisation)
  const provider = createProvider({
    issuer: parts.issuerOf(organisation),
    options: optionsOf(parts, organisation, { keys, pages, restarts, registration }),
    publishedKeys: keys.published,
    pages,
    log: parts.log.child({ organisation: organisation._id }),
    apiScopes: parts.apiScopes.all,
    // Of its own issuer only: another organisation's tokens are nothing here.
    checkAccessToken: async (token, options) => {
      const claims = await parts.checkAccessToken(token, options)
      return claims?.organisation === organisation._id ? claims : undefined
    },
    verifyClientSecret: parts.verifyClientSecret,
    isTestAddress: parts.isTestAddress,
    hasEnded: (id) => parts.hasEnded(organisation._id, id),
    onSessionEnded: (uid) => parts.onSessionEnded(organisation, uid),
    onClientSignedOut: (client) => parts.onClientSignedOut(organisation, client),
    rotation: parts.rotationOf(organisation),
    restarts,
    registration,
    requestIdOf: parts.requestIdOf,
  })
  const dispatch = createDispatch(provider)
  return {
    ...createBrowserSessions({
      provider,
      handOn: (...session) => parts.handOnSession(organisation, ...session),
    }),
    handle: dispatch,
    interactions: createInteractionEngine({
      organisation: organisation._id,
      provider,
      permissions: parts.permissions,
      restarts,
    }),
    firstPartyCodes: createFirstPartyCodes({
      provider,
      clientApi: parts.clientApi,
      apiScopesOf: parts.apiScopes.of,
      chosen: resolveLifetimes(organisation.lifetimes),
      findAccount: (account) => parts.findAccount(organisation._id, account),
      clock: parts.clock,
    }),
    refresh: (request) => refreshTokens({ provider, dispatch }, request),
    sendLogoutToken: createSendLogoutToken({ ...parts, provider }),
    keys: { organisation: organisation._id, keys: publicKeys(keys.published) },
  }
}

function optionsOf(
  parts: EnginesParts,
  organisation: Organisation,
  made: Pick<OptionsParts, 'keys' | 'pages' | 'restarts' | 'registration'>,
): Configuration {
  const { apiScopes } = parts
  const chosen = resolveLifetimes(organisation.lifetimes)
  return engineOptions({
    issuer: parts.issuerOf(organisation),
    clock: parts.clock,
    chosen,
    adapter: parts.adapterFor(organisation),
    ...made,
    cookieDigests: parts.cookieDigestsOf(organisation),
    clientMetadata: parts.clientMetadata,
    locales: parts.locales,
    hasEnded: (id) => parts.hasEnded(organisation._id, id),
    consoleClient: parts.adminApi.client,
    isHandedOn: parts.isHandedOn,
    fetch: parts.fetch,
    findAccount: createFindAccount({ ...parts, organisation: organisation._id }),
    loadExistingGrant: createLoadExistingGrant({
      organisation: organisation._id,
      permissions: parts.permissions,
      onEntered: (account, client) => parts.onEntered(organisation, account, client),
    }),
    resources: createResources({
      clientApi: parts.clientApi,
      adminApi: parts.adminApi,
      apiScopesOf: apiScopes.of,
      isApiScope: (scope) => apiScopes.all.includes(scope),
      accessTokenLifeOf: (client) => lifetimesOf(client, chosen).accessToken,
      clock: parts.clock,
    }),
    extraTokenClaims: createExtraTokenClaims(organisation._id),
  })
}

/** What our JWT access tokens say beyond RFC 9068. Opaque ones are looked up and need none of it. */
function createExtraTokenClaims(organisation: string): Configuration['extraTokenClaims'] {
  return async (ctx: KoaContextWithOIDC | undefined, token) => {
    if (!ctx || !('accountId' in token) || !token.resourceServer) return undefined
    const sid = await sidOf(ctx, token)
    const { AuthorizationCode: code, RefreshToken: refresh } = ctx.oidc.entities
    const { authTime, acr } = code ?? refresh ?? {}
    return {
      org: organisation,
      gid: token.grantId,
      ...(sid && { sid }),
      // How old the sign-in is, and what it was worth, for who asks for a fresh one (RFC 9068, 2.2.1; RFC 9470).
      ...(authTime && { auth_time: authTime }),
      ...(acr && { acr }),
    }
  }
}

/** Where its session is over, a token that outlives it names none: that one is denied. */
async function sidOf(
  { oidc }: KoaContextWithOIDC,
  { sessionUid, expiresWithSession }: AccessToken,
): Promise<string | undefined> {
  if (!sessionUid || expiresWithSession) return sessionUid
  return (await oidc.provider.Session.findByUid(sessionUid)) && sessionUid
}
