// Userinfo and introspection for our JWT access tokens, which the engine leaves to others.

import type Provider from 'oidc-provider'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { AccessTokenClaims, CheckAccessToken } from './access-tokens.ts'
import { mayIntrospect } from './features.ts'
import { isOidcScope } from './resources.ts'

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/

/**
 * A Client API token that holds `openid` also answers at userinfo: stock relying parties call it with
 * whatever access token they got. The engine looks tokens up by `AccessToken.find`, and then checks and
 * answers as ever: for one of ours it finds what the token says. Undocumented, pinned by a test.
 */
export function findStructuredTokens(provider: Provider, checkAccessToken: CheckAccessToken): void {
  const { AccessToken, Client } = provider
  const findOpaque = AccessToken.find.bind(AccessToken)
  Object.assign(AccessToken, {
    async find(token: string, options?: FindOptions) {
      if (!JWT.test(token)) return findOpaque(token, options)
      const claims = await checkAccessToken(token)
      if (!claims?.grantId) return undefined
      const client = await Client.find(claims.clientId)
      return client && new AccessToken({ client, ...payloadOf(claims, claims.grantId) })
    },
  })
}

type FindOptions = { ignoreExpiration?: boolean }

function payloadOf(claims: AccessTokenClaims, grantId: string) {
  return {
    grantId,
    accountId: claims.account,
    gty: 'authorization_code',
    scope: [...claims.scopes].filter(isOidcScope).join(' '),
    ...(claims.sid && { sessionUid: claims.sid }),
    ...(claims.jkt && { jkt: claims.jkt }),
  }
}

/** A token that no store knows, so that the engine authenticates the caller and finds nothing. */
const NO_TOKEN = 'structured'

/** The form with a JWT in `token` replaced, and that JWT; the form as it was when there is none. */
export function withoutStructuredToken(form: string): { form: string; token?: string } {
  const fields = new URLSearchParams(form)
  const tokens = fields.getAll('token')
  const token = tokens[0]
  if (tokens.length !== 1 || !token || !JWT.test(token)) return { form }
  fields.set('token', NO_TOKEN)
  return { form: fields.toString(), token }
}

/** Introspection of a JWT access token (RFC 7662, 2.2), for a caller that the engine has authenticated. */
export async function introspect(
  ctx: KoaContextWithOIDC,
  token: string,
  checkAccessToken: CheckAccessToken,
): Promise<{ [member: string]: unknown }> {
  const inactive = { active: false }
  const { client, provider } = ctx.oidc
  const claims = await checkAccessToken(token)
  if (!claims || !client) return inactive
  if (!mayIntrospect(client, claims.clientId) || !(await isStillGranted(provider, claims)))
    return inactive
  return {
    active: true,
    iss: provider.issuer,
    sub: claims.account,
    client_id: claims.clientId,
    scope: [...claims.scopes].join(' '),
    iat: claims.issuedAt,
    exp: claims.expiresAt,
    org: claims.organisation,
    token_type: claims.jkt ? 'DPoP' : 'Bearer',
    ...(claims.sid && { sid: claims.sid }),
    // RFC 9470, 6.2: whether the sign-in is fresh enough is for the resource to say.
    ...(claims.authTime && { auth_time: claims.authTime }),
    ...(claims.acr && { acr: claims.acr }),
    ...(claims.jkt && { cnf: { jkt: claims.jkt } }),
  }
}

async function isStillGranted(provider: Provider, claims: AccessTokenClaims): Promise<boolean> {
  if (!claims.grantId) return true
  return (await provider.Grant.find(claims.grantId)) !== undefined
}
