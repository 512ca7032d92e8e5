// The engine's configuration: a table, with a reason beside each choice.

import type { AdapterFactory, Configuration, JWK, KoaContextWithOIDC } from 'oidc-provider'
import { interactionPolicy } from 'oidc-provider'
import { scopeClaims } from './claims.ts'
import { lifetimes } from './lifetimes.ts'
import { oidcScopes } from './resources.ts'
import { clientOf, recordOf } from './seam.ts'

/** Pages that the engine shows itself; HTML goes into `ctx.body`. */
export type EnginePages = {
  signOut(ctx: KoaContextWithOIDC, form: { action: string; xsrf: string }): void
  /** `isOver` is false when the person chose to stay signed in. */
  signedOut(ctx: KoaContextWithOIDC, end: { isOver: boolean }): void
  error(
    ctx: KoaContextWithOIDC,
    error: { code: string; description?: string; status: number },
  ): void
}

export type OptionsParts = {
  issuer: string
  adapter: AdapterFactory
  jwks: readonly JWK[]
  cookieKeys: readonly string[]
  pages: EnginePages
  clientMetadata: readonly string[]
  findAccount: Configuration['findAccount']
  loadExistingGrant: Configuration['loadExistingGrant']
  resources: NonNullable<Configuration['features']>['resourceIndicators']
  extraTokenClaims: Configuration['extraTokenClaims']
  fetch: Configuration['fetch']
  locales: readonly string[]
}

/** The configuration of one issuer. */
export function engineOptions(parts: OptionsParts): Configuration {
  return {
    adapter: parts.adapter,
    jwks: { keys: [...parts.jwks] },
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
    discovery: { ui_locales_supported: [...parts.locales] },
    renderError: (ctx, out, error) => renderError(parts.pages, ctx, { out, error }),
    interactions: { policy: policy(), url: (_ctx, { uid }) => `/sign-in/${uid}` },
    ttl,
    ...tokenRules,
    ...clientRules,
  }
}

function renderError(
  pages: EnginePages,
  ctx: KoaContextWithOIDC,
  { out, error }: { out: { error: string; error_description?: string | undefined }; error: object },
): void {
  const client = ctx.oidc?.client && recordOf(ctx.oidc.client)
  pages.error(ctx, {
    code: out.error,
    ...(out.error_description && { description: out.error_description }),
    status: 'statusCode' in error ? Number(error.statusCode) : 500,
    ...(client && {
      client: { name: client.name, ...(client.homeUri && { homeUri: client.homeUri }) },
    }),
  })
}

const routes = {
  authorization: '/oauth/authorize',
  token: '/oauth/token',
  userinfo: '/oauth/userinfo',
  jwks: '/oauth/jwks',
  introspection: '/oauth/introspect',
  revocation: '/oauth/revoke',
  pushed_authorization_request: '/oauth/par',
  end_session: '/oauth/logout',
}

const tokenRules: Configuration = {
  // Refresh tokens go to every client whose kind allows them, asked for or not; without `offline_access`
  // they end with the session.
  issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  expiresWithSession: async (_ctx, source) => !source.scopes.has('offline_access'),
  rotateRefreshToken: shouldRotate,
  // ID tokens repeat the claims only where no userinfo token goes with them (OpenID Connect Core 5.4).
  conformIdTokenClaims: true,
  acceptQueryParamAccessTokens: false, // RFC 9700, 2.2: never in an address
  clockTolerance: 15, // seconds; certification suites send tokens up to 8 s ahead
}

const clientRules: Configuration = {
  clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
  // No HS* anywhere: secrets are stored as digests, and the placeholder must never verify anything.
  enabledJWA: {
    clientAuthSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA'],
    requestObjectSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA'],
    idTokenSigningAlgValues: ['RS256', 'ES256'],
    dPoPSigningAlgValues: ['ES256', 'EdDSA'],
  },
  responseTypes: ['code'], // RFC 9700, 2.1.2: no implicit, no hybrid
  subjectTypes: ['public'],
  pkce: {
    required: (ctx) => clientOf(ctx).pkce !== 'optional',
  },
  allowOmittingSingleRegisteredRedirectUri: false,
  enableHttpPostMethods: false,
  // Token and userinfo answers go only to origins registered with the client; opaque origins never.
  clientBasedCORS: (ctx, origin) => clientOf(ctx).origins.includes(origin),
}

const ttl: Configuration['ttl'] = {
  AccessToken: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? lifetimes.accessToken,
  AuthorizationCode: lifetimes.authorizationCode,
  ClientCredentials: lifetimes.clientCredentials,
  Grant: lifetimes.grant,
  IdToken: lifetimes.idToken,
  Interaction: lifetimes.interaction,
  PushedAuthorizationRequest: lifetimes.pushedAuthorizationRequest,
  Session: lifetimes.sessionIdle,
  // Idle life starts anew at each rotation; the first token's birth bounds the whole chain.
  RefreshToken: (_ctx, token) =>
    Math.max(1, Math.min(lifetimes.refreshIdle, lifetimes.refreshAbsolute - token.totalLifetime())),
}

function features(parts: OptionsParts): Configuration['features'] {
  return {
    devInteractions: { enabled: false }, // our own pages
    clientCredentials: { enabled: true },
    introspection: {
      enabled: true,
      // A confidential client may ask about any token of the organisation, a public one about its own.
      allowedPolicy: (_ctx, client, token) =>
        client.clientAuthMethod !== 'none' || token.clientId === client.clientId,
    },
    revocation: {
      enabled: true,
      allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
    },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx) =>
        parts.pages.signOut(ctx, {
          action: ctx.oidc.urlFor('end_session_confirm'),
          xsrf: String(ctx.oidc.session?.state?.secret ?? ''),
        }),
      async postLogoutSuccessSource(ctx) {
        const session = await ctx.oidc.provider.Session.get(ctx)
        parts.pages.signedOut(ctx, { isOver: !session.accountId })
      },
    },
    backchannelLogout: { enabled: false }, // until it runs from stored jobs with retries
    pushedAuthorizationRequests: { enabled: true },
    resourceIndicators: parts.resources,
    userinfo: { enabled: true },
    jwtUserinfo: { enabled: false }, // no client asked for signed userinfo
    dPoP: { enabled: true }, // RFC 9449: by the client's choice
    claimsParameter: { enabled: false }, // every claim stands behind a scope that the customer can read
    requestObjects: { enabled: false }, // PAR does what they did, without parsing foreign JWTs
    registration: { enabled: false }, // clients come from operators
    deviceFlow: { enabled: false },
    encryption: { enabled: false },
  }
}

function cookieOptions({ issuer, cookieKeys }: OptionsParts): Configuration['cookies'] {
  const secure = issuer.startsWith('https:')
  const common = { httpOnly: true, sameSite: 'lax', secure, signed: true, overwrite: true } as const
  return {
    keys: [...cookieKeys],
    names: {
      // RFC 6265bis, 4.1.3: the prefixes hold only over https. The short ones are bound to one path.
      session: secure ? '__Host-foyer_session' : 'foyer_session',
      interaction: secure ? '__Secure-foyer_interaction' : 'foyer_interaction',
      resume: secure ? '__Secure-foyer_resume' : 'foyer_resume',
    },
    long: { ...common, path: '/' },
    short: common,
  }
}

function policy() {
  const base = interactionPolicy.base()
  // A page for every native sign-in helps nobody who was just asked for a code.
  base.get('consent')?.checks.remove('native_client_prompt')
  return base
}

/** Public clients at every use (RFC 9700, 4.14.2); confidential ones in the last third of a token's life. */
function shouldRotate(ctx: KoaContextWithOIDC): boolean {
  const { RefreshToken: token, Client: client } = ctx.oidc.entities
  if (!token || !client) return true
  if (client.clientAuthMethod === 'none' && !token.isSenderConstrained()) return true
  return token.ttlPercentagePassed() >= 70
}
