// Userinfo and introspection for our JWT access tokens, which the engine leaves to others.

import type Provider from 'oidc-provider'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { AccessTokenClaims, CheckAccessToken } from './access-tokens.ts'
import { mayIntrospect } from './features.ts'
import { isOidcScope } from './resources.ts'

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/

/** Lives just long enough for the request that it stands in for, in seconds. */
const STAND_IN_LIFE = 10

/**
 * A Client API token that holds `openid` also answers at userinfo: stock relying parties call it with
 * whatever access token they got. The engine sees an opaque token with the same rights, made for this
 * request and destroyed after it, and checks, filters and answers as ever.
 */
export function createUserinfoStandIn(provider: Provider, checkAccessToken: CheckAccessToken) {
  return async function userinfoStandIn(ctx: KoaContextWithOIDC, next: () => Promise<void>) {
    const [scheme, token] = (ctx.get('authorization') || '').split(' ')
    if (scheme?.toLowerCase() !== 'bearer' || !token || !JWT.test(token)) return next()
    const claims = await checkAccessToken(token)
    if (!claims?.grantId || claims.jkt) return next()
    const client = await provider.Client.find(claims.clientId)
    if (!client) return next()

    const standIn = new provider.AccessToken({
      client,
      accountId: claims.account,
      grantId: claims.grantId,
      gty: 'authorization_code',
      scope: [...claims.scopes].filter(isOidcScope).join(' '),
      ...(claims.sid && { sessionUid: claims.sid }),
      expiresIn: STAND_IN_LIFE,
    })
    ctx.req.headers.authorization = `Bearer ${await standIn.save()}`
    try {
      await next()
    } finally {
      await standIn.destroy()
    }
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
    ...(claims.jkt && { cnf: { jkt: claims.jkt } }),
  }
}

async function isStillGranted(provider: Provider, claims: AccessTokenClaims): Promise<boolean> {
  if (!claims.grantId) return true
  return (await provider.Grant.find(claims.grantId)) !== undefined
}
