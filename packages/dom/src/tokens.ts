// Tokens and what must be true of them, wherever they come from: the issuer, a storage, another tab.

import { claimsOf } from './encoding.ts'
import { FoyerError } from './errors.ts'
import type { Grant } from './grant.ts'
import { isText, own } from './own.ts'
import { type Fields, failureOf, read, type Server } from './server.ts'
import { isSafeAddress } from './settings.ts'
import type { User } from './types.ts'

export type Tokens = {
  /**
   * Asks the token endpoint; throws what it refuses, and answers that are not for this client. They are for
   * the nonce of a sign-in, or for the person of what is refreshed (OpenID Connect Core 12.2).
   */
  request(fields: Fields, nonce: string | undefined, previous?: Grant): Promise<Grant>
  /** Whatever it is, as a grant of this issuer for this client; `undefined` where it is none. */
  check(value: unknown): Grant | undefined
}

export function createTokens({ issuer, clientId, keys, post }: Server): Tokens {
  function check(value: unknown): Grant | undefined {
    const given = own<Grant>(value)
    const { access, refresh, id, scope, at, life, count } = given
    const user = own<User>(claimsOf(id))
    const { iss, aud, sub, exp, iat } = user
    const { aud: api } = claimsOf(access)
    // OpenID Connect Core 3.1.3.7, for a token that came straight from the issuer: TLS stands for its signature.
    const isOurs =
      // One by one: methods of arrays may be anybody's.
      isText(access) &&
      isText(refresh) &&
      isText(scope) &&
      isText(sub) &&
      // Of three numbers alone this is one.
      Number.isFinite(at + life + count) &&
      iss === issuer &&
      String(aud) === clientId &&
      isSafeAddress(api) &&
      // By the issuer's clock, which said `iat` as it sent the token: this device's may be wrong by days.
      Number(exp) > Number(iat)
    return isOurs ? own({ ...given, user, api, pair: keys?.read(given.pair) }) : undefined
  }

  return {
    check,
    async request(fields, nonce, previous) {
      const response = await post('token', { client_id: clientId, ...fields }, previous)
      const answer = await read(response)
      if (!response.ok) throw failureOf(response, answer)
      const grant = check({
        access: answer.access_token,
        // One that is not replaced stays good (RFC 6749, 6).
        refresh: answer.refresh_token ?? previous?.refresh,
        id: answer.id_token,
        scope: answer.scope,
        at: Date.now(),
        life: Number(answer.expires_in) * 1000,
        count: previous ? previous.count + 1 : 0,
        pair: previous?.pair ?? (await keys?.pair()),
      })
      const isExpected = previous
        ? previous.user.sub === grant?.user.sub
        : nonce === grant?.user.nonce
      const isBound = /^dpop$/i.test(String(answer.token_type))
      if (!grant || !isExpected || isBound !== !!keys)
        throw new FoyerError('request_failed', 'The tokens are not for this page.')
      return grant
    },
  }
}
