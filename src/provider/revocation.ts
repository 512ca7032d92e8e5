// Giving tokens up (RFC 7009): whichever it is, its grant ends, and first.

import Provider, { type KoaContextWithOIDC } from 'oidc-provider'
import type { CheckAccessToken } from './access-tokens.ts'

/**
 * Revocation of a JWT access token, by a client that the engine has authenticated. Nothing happens to a
 * token of another client, and nobody is told (2.1).
 */
export async function revoke(
  ctx: KoaContextWithOIDC,
  token: string,
  checkAccessToken: CheckAccessToken,
): Promise<void> {
  const { client, provider } = ctx.oidc
  // Denied already, when all that failed the last time was to remove the rest.
  const claims = await checkAccessToken(token, { evenDenied: true })
  if (!claims?.grantId || claims.clientId !== client?.clientId) return
  await provider.Grant.adapter.destroy(claims.grantId)
  await provider.RefreshToken.revokeByGrantId(claims.grantId)
}

/**
 * The engine removes the token before its grant. Should the store fail between the two, a client that tries
 * again would hear of a success (an unknown token is one) while the rest of the grant lives: R09. The other
 * way round what is left after a failure is a token that can still be found, and ends nothing but itself.
 */
export function endGrantsFirst(provider: Provider): void {
  for (const { prototype } of [provider.AccessToken, provider.RefreshToken]) {
    const { destroy } = prototype
    prototype.destroy = async function (this: { grantId?: string }): Promise<void> {
      if (Provider.ctx?.oidc.route === 'revocation' && this.grantId)
        await provider.Grant.adapter.destroy(this.grantId)
      await destroy.call(this)
    }
  }
}
