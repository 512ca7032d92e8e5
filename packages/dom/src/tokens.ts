// Tokens and what must be true of them, wherever they come from: the issuer, a storage, another tab.

import { claimsOf } from './encoding.ts'
import { FoyerError } from './errors.ts'
import type { Grant } from './grant.ts'
import { isText, type Own, own } from './own.ts'
import type { Keys } from './proofs.ts'
import { type Fields, failureOf, type Server } from './server.ts'
import { isSafeAddress, type Settings } from './settings.ts'
import type { Session, User } from './types.ts'

export type Tokens = {
  /** Asks the token endpoint; throws what it refuses, and answers that are not for this client. */
  request(fields: Fields, expected: Expected): Promise<Grant>
  /** Whatever it is, as a grant of this issuer for this client; `undefined` where it is none. */
  read(value: unknown): Grant | undefined
  claims(grant: Grant): User
  /** Where the Client API is: the audience of its tokens. */
  api(grant: Grant): string
}

/** A sign-in's nonce, or what is refreshed, whose person stays the same (OpenID Connect Core 12.2). */
export type Expected = { readonly nonce?: string; readonly previous?: Grant }

type Parts = { settings: Settings; server: Server; keys: Keys | undefined }

export function createTokens({ settings, server, keys }: Parts): Tokens {
  const { issuer, clientId, parse } = settings

  /** OpenID Connect Core 3.1.3.7, for a token that came straight from the issuer, whose signature TLS stands for. */
  function isForUs({ iss, aud, azp, sub, exp, iat }: Own): boolean {
    return (
      iss === issuer &&
      (aud === clientId || (Array.isArray(aud) && aud.length === 1 && aud[0] === clientId)) &&
      (azp === undefined || azp === clientId) &&
      isText(sub) &&
      // By the issuer's clock, which said `iat` as it sent the token: this device's may be wrong by days.
      Number(exp) > Number(iat)
    )
  }

  function read(value: unknown): Grant | undefined {
    const given = own<Grant>(value)
    const { access, refresh, id, scope, at, life, ahead, count } = given
    const areTexts = isText(access) && isText(refresh) && isText(id) && typeof scope === 'string'
    const areNumbers = [at, life, ahead, count].every((number) => Number.isFinite(number))
    if (!areTexts || !areNumbers || !isForUs(claimsOf(id, parse))) return undefined
    const pair = keys?.read(given.pair)
    return own({ access, refresh, id, scope, at, life, ahead, count, ...(pair && { pair }) })
  }

  return {
    read,
    claims: (grant) => own<User>(claimsOf(grant.id, parse)),
    api(grant) {
      const { aud } = claimsOf(grant.access, parse)
      return isText(aud) && isSafeAddress(aud) ? aud : ''
    },
    async request(fields, { nonce, previous }) {
      const form = { client_id: clientId, ...fields }
      const response = await server.post('token', form, previous)
      const answer = await server.read(response)
      if (!response.ok) throw failureOf(response, answer)
      const claims = claimsOf(answer.id_token, parse)
      const at = Date.now()
      const grant = read(
        own({
          access: answer.access_token,
          // One that is not replaced stays good (RFC 6749, 6).
          refresh: answer.refresh_token ?? previous?.refresh,
          id: answer.id_token,
          scope: answer.scope ?? previous?.scope ?? '',
          at,
          life: Number(answer.expires_in) * 1000,
          ahead: Number(claims.iat) * 1000 - at,
          count: previous ? previous.count + 1 : 0,
          pair: previous ? previous.pair : await keys?.pair(),
        }),
      )
      const isExpected = previous
        ? claims.sub === claimsOf(previous.id, parse).sub
        : claims.nonce === nonce
      const type = String(answer.token_type).toLowerCase()
      if (!grant || !isExpected || type !== (settings.dpop ? 'dpop' : 'bearer'))
        throw new FoyerError('request_failed', 'The issuer’s tokens are not for this sign-in.')
      return grant
    },
  }
}

/** What a page sees of it. */
export function sessionOf(grant: Grant, user: User, expiresAt: number): Session {
  const { access, id, scope } = grant
  return Object.freeze(
    own<Session>({ accessToken: access, idToken: id, expiresAt, scope, user: Object.freeze(user) }),
  )
}
