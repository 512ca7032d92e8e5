// What a client's signed assertion must say beyond what the engine looks at (RFC 7523, 3).

import { errors } from 'oidc-provider'
import { type Clock, SECOND } from '../shared/clock.ts'

type Claims = { readonly exp?: unknown; readonly iat?: unknown; readonly jti?: unknown }

/** Each is good once, and its `jti` is remembered until it expires: that must be soon. */
const MAX_LIFE_SECONDS = 600
const MAX_JTI = 256

/** `assertJwtClientAuthClaimsAndHeader`: signature, issuer, subject, audience and expiry were checked before. */
export function createAssertionRules({ clock, leeway }: { clock: Clock; leeway: number }) {
  return (_ctx: unknown, claims: Claims): void => {
    const now = clock.now() / SECOND
    const { exp, iat, jti } = claims
    if (Number(exp) > now + MAX_LIFE_SECONDS + leeway)
      throw new errors.InvalidClientAuth(
        `the client assertion expires in more than ${MAX_LIFE_SECONDS} seconds`,
      )
    if (iat !== undefined && !(Number(iat) <= now + leeway))
      throw new errors.InvalidClientAuth('the client assertion was issued in the future')
    if (typeof jti !== 'string' || jti.length > MAX_JTI)
      throw new errors.InvalidClientAuth(
        `the jti of a client assertion has at most ${MAX_JTI} characters`,
      )
  }
}
