// The engine's configuration: a table, with a reason beside each choice.

import type { AdapterFactory, Configuration, KoaContextWithOIDC } from 'oidc-provider'
import { errors } from 'oidc-provider'
import { clientKeyAlgorithms } from '../services/identity/clients/client-keys.ts'
import type { Lifetimes } from '../services/identity/clients/lifetimes.ts'
import type { KeySet } from '../services/identity/keys/signing-keys.ts'
import type { Clock } from '../shared/clock.ts'
import { cookieNameOf, cookiePathOf, mountOf } from '../shared/issuer.ts'
import { createAssertionRules } from './assertions.ts'
import { CheckingKey } from './checking-key.ts'
import { EMAIL_CODE, scopeClaims } from './claims.ts'
import { type CookieDigests, createCookieSignatures } from './cookie-signatures.ts'
import { clientAuthMethods, discovery } from './discovery.ts'
import { EllipticKey } from './elliptic-key.ts'
import { features, type SignOutPages } from './features.ts'
import { lifetimes, timesToLive } from './lifetimes.ts'
import { markAsOwn } from './own-browser.ts'
import { mayCall } from './previews.ts'
import { type PromptParts, promptPolicy } from './prompts.ts'
import { REGISTRATION_PATH, type RegistrationParts } from './registration.ts'
import { oidcScopes } from './resources.ts'
import type { RestartPoints, RestartView } from './restarts.ts'
import { type ClientView, clientOf, clientView, recordOf } from './seam.ts'
import { endOf } from './session-ends.ts'

/** Pages that the engine shows itself; HTML goes into `ctx.body`. */
export type EnginePages = SignOutPages & {
  /** A page that sends the browser on with a POST; it does so by itself where scripts run. */
  passOn(ctx: KoaContextWithOIDC, form: PassOnForm): void
  error(ctx: KoaContextWithOIDC, error: PageError): void
}

export type PageError = {
  code: string
  description?: string
  status: number
  /** Whose request it was, where that is known. */
  client?: ClientView
  /** There when a sign-in ended whose page the browser came from. */
  ended?: { uid: string; token: unknown; restart?: RestartView }
}

export type PassOnForm = { action: string; fields: Readonly<Record<string, string>> }

export type OptionsParts = PromptParts & {
  issuer: string
  clock: Clock
  /** What the organisation chose. */
  chosen: Lifetimes
  adapter: AdapterFactory
  keys: KeySet
  cookieDigests: CookieDigests
  pages: EnginePages
  clientMetadata: readonly string[]
  findAccount: Configuration['findAccount']
  loadExistingGrant: Configuration['loadExistingGrant']
  resources: NonNullable<Configuration['features']>['resourceIndicators']
  extraTokenClaims: Configuration['extraTokenClaims']
  fetch: Configuration['fetch']
  locales: readonly string[]
  restarts: RestartPoints
  /** Whether it is a preview that nobody can sign in at any more. */
  hasEnded(clientId: string): Promise<boolean>
  registration?: RegistrationParts | undefined
}

/** The configuration of one issuer. */
export function engineOptions(parts: OptionsParts): Configuration {
  return {
    adapter: parts.adapter,
    clients: [], // all of them come from the store
    jwks: { keys: engineKeys(parts.keys) },
    routes,
    cookies: cookieOptions(parts),
    features: features(parts),
    findAccount: parts.findAccount,
    loadExistingGrant: parts.loadExistingGrant,
    extraTokenClaims: parts.extraTokenClaims,
    fetch: parts.fetch,
    scopes: [...oidcScopes],
    claims: scopeClaims,
    extraClientMetadata: { properties: [...parts.clientMetadata] },
    acrValues: [EMAIL_CODE], // the one way to sign in; asked for others, a request still succeeds
    extraParams: [],
    discovery: discovery(parts),
    renderError: (ctx, out, error) => renderError(parts, ctx, { out, error }),
    interactions: {
      policy: promptPolicy(parts),
      async url(ctx, interaction) {
        await parts.restarts.keep(ctx, interaction)
        markAsOwn(ctx, { issuer: parts.issuer, uid: interaction.uid })
        return `${mountOf(parts.issuer)}/sign-in/${interaction.uid}?r=${parts.restarts.tokenOf(interaction)}`
      },
    },
    ttl: timesToLive(parts),
    assertJwtClientAuthClaimsAndHeader: createAssertionRules({
      clock: parts.clock,
      leeway: lifetimes.clockLeeway,
    }),
    ...tokenRules,
    ...clientRules,
  }
}

/**
 * Of each algorithm the first signs. With the others ID tokens are checked that are shown as hints, also
 * with those that are published no more: such a token is as old as its session.
 */
function engineKeys({ signing, published, retired }: KeySet) {
  const isSigning = (kid: string): boolean => signing.some((jwk) => jwk.kid === kid)
  const others = [...published, ...retired].filter(({ kid }) => !isSigning(kid))
  return [
    ...signing.map((jwk) => (jwk.alg === 'ES256' ? new EllipticKey(jwk) : jwk)),
    ...others.map((jwk) => new CheckingKey(jwk)),
  ]
}

/** Whatever a program accepts (Java says `text/html`), it gets JSON from these (RFC 6749, 5.2). */
const forPrograms: ReadonlySet<string> = new Set([
  'token',
  'userinfo',
  'introspection',
  'revocation',
  'pushed_authorization_request',
  'registration',
  'client',
  'client_update',
  'client_delete',
  'discovery',
  'jwks',
])

type ErrorOut = { error: string; error_description?: string | undefined }

/** Shows an error where no application can be told: on a page, or in JSON to programs. */
export async function renderError(
  { pages, restarts, hasEnded }: Pick<OptionsParts, 'pages' | 'restarts' | 'hasEnded'>,
  ctx: KoaContextWithOIDC,
  { out, error }: { out: ErrorOut; error: object },
): Promise<void> {
  if (forPrograms.has(ctx.oidc.route)) {
    ctx.body = out
    return
  }
  const client = ctx.oidc.client && recordOf(ctx.oidc.client)
  const ended = error instanceof errors.SessionNotFound && (await endedAt(restarts, ctx))
  const asked = ctx.oidc.params?.client_id
  const isOver = !client && typeof asked === 'string' && (await hasEnded(asked))
  // The engine knows it no more, and would say that it never did.
  const description = isOver ? PREVIEW_IS_OVER : out.error_description
  pages.error(ctx, {
    code: out.error,
    ...(description && { description }),
    status: 'statusCode' in error ? Number(error.statusCode) : 500,
    ...(client && { client: clientView(client) }),
    ...(ended && { ended }),
  })
}

const PREVIEW_IS_OVER = 'this preview has ended: give it more time, or register another'

/** The page that the browser comes from when it resumes a request; its token came along. */
async function endedAt(
  restarts: RestartPoints,
  ctx: KoaContextWithOIDC,
): Promise<PageError['ended']> {
  const { uid = '' } = ctx.params as { uid?: string } // the resume path's
  const token = ctx.query.r
  const page = { uid, token, cookie: 'resume' } as const
  const restart = await restarts.view(ctx.oidc.provider, ctx, page)
  return { uid, token, ...(restart && { restart }) }
}

export const routes = {
  authorization: '/oauth/authorize',
  token: '/oauth/token',
  userinfo: '/oauth/userinfo',
  jwks: '/oauth/jwks',
  introspection: '/oauth/introspect',
  revocation: '/oauth/revoke',
  pushed_authorization_request: '/oauth/par',
  end_session: '/oauth/logout',
  registration: REGISTRATION_PATH,
} as const

const tokenRules: Configuration = {
  // Refresh tokens go to every client whose kind allows them, asked for or not; without `offline_access`
  // they end with the session.
  issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  expiresWithSession: async (ctx, source) => !source.scopes.has('offline_access') || isPassing(ctx),
  rotateRefreshToken: shouldRotate,
  // ID tokens repeat the claims only where no userinfo token goes with them (OpenID Connect Core 5.4).
  conformIdTokenClaims: true,
  acceptQueryParamAccessTokens: false, // RFC 9700, 2.2: never in an address
  clockTolerance: lifetimes.clockLeeway, // certification suites send tokens up to 8 s ahead
  // Whichever token is given up, all that the grant gave dies with it (RFC 7009, 2.1).
  revokeGrantPolicy: () => true,
  formats: { bitsOfOpaqueRandomness: 256 }, // nobody searches these, so that they may be stored as plain hashes
}

/** What proofs of possession may be signed with: keys that a browser can make and keep to itself. */
export const dpopAlgorithms = ['ES256', 'EdDSA'] as const

const clientRules: Configuration = {
  // Secrets are stored as digests: no `client_secret_jwt`, which needs them in clear, and no HS* anywhere:
  // the placeholder of a secret must never verify anything.
  clientAuthMethods: [...clientAuthMethods],
  enabledJWA: {
    idTokenSigningAlgValues: ['RS256', 'ES256'],
    userinfoSigningAlgValues: ['RS256'],
    clientAuthSigningAlgValues: [...clientKeyAlgorithms],
    dPoPSigningAlgValues: [...dpopAlgorithms],
  },
  responseTypes: ['code'], // RFC 9700, 2.1.2: no implicit, no hybrid
  subjectTypes: ['public'],
  pkce: {
    required: (ctx) => clientOf(ctx).pkce !== 'optional',
  },
  allowOmittingSingleRegisteredRedirectUri: false,
  enableHttpPostMethods: false, // it would need SameSite=None: `requests.ts` turns such a POST into a GET
  // Token and userinfo answers go only to origins registered with the client; opaque origins never.
  clientBasedCORS: (ctx, origin) => mayCall(clientOf(ctx), origin),
}

/** How the session's cookie is set. Its expiry is the session's end, so none where nobody wants to stay signed in. */
export function sessionCookie(issuer: string) {
  return { ...commonCookie(issuer), path: cookiePathOf(issuer) }
}

function commonCookie(issuer: string) {
  const secure = issuer.startsWith('https:')
  return { httpOnly: true, sameSite: 'lax', secure, signed: true, overwrite: true } as const
}

function cookieOptions({ issuer, cookieDigests }: OptionsParts): Configuration['cookies'] {
  const common = commonCookie(issuer)
  return {
    // Its typings know lists of keys only; whatever is no list is handed to the cookie library as it is.
    keys: createCookieSignatures(cookieDigests) as unknown as string[],
    names: {
      session: cookieNameOf(issuer, 'session'),
      interaction: cookieNameOf(issuer, 'interaction', { isBoundToPath: true }),
      resume: cookieNameOf(issuer, 'resume', { isBoundToPath: true }),
    },
    long: sessionCookie(issuer),
    short: common,
  }
}

/**
 * On a shared computer nothing of the house's own outlives the session; what others keep was allowed them by
 * name. Nothing at all outlives one that has to end.
 */
function isPassing({ oidc }: KoaContextWithOIDC): boolean {
  if (endOf(oidc.session) !== undefined) return true
  const isOwn = oidc.client !== undefined && recordOf(oidc.client).firstParty
  return isOwn && oidc.session?.transient === true
}

/**
 * Public clients at every use, unless a key of theirs binds the token already (RFC 9700, 4.14.2);
 * confidential ones in the last third of a token's life.
 */
function shouldRotate(ctx: KoaContextWithOIDC): boolean {
  const { RefreshToken: token, Client: client } = ctx.oidc.entities
  if (!token || !client) return true
  if (token.isSenderConstrained()) return false
  return client.clientAuthMethod === 'none' || token.ttlPercentagePassed() >= 70
}
