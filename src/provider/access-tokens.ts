// Checking the provider's own access tokens for one of the APIs (RFC 9068, 4), with a bounded cache of those that passed.

import { createPublicKey, type KeyObject } from 'node:crypto'
import { decodeJwt, type JWTPayload, jwtVerify } from 'jose'
import { putBounded } from '../shared/bounded-map.ts'
import type { Clock } from '../shared/clock.ts'
import { SECOND } from '../shared/clock.ts'
import { sha256 } from '../shared/secrets.ts'
import { lifetimes } from './lifetimes.ts'

/** What a checked token says. */
export type AccessTokenClaims = {
  organisation: string
  /** The account's id, the token's `sub`. */
  account: string
  clientId: string
  scopes: ReadonlySet<string>
  /** The session's uid; absent for tokens that outlive sessions. */
  sid?: string
  /** The grant it was issued from. */
  grantId?: string
  /** Seconds since 1970. */
  issuedAt: number
  expiresAt: number
  /** When the customer last proved who they are, in seconds since 1970, and how (RFC 9470). */
  authTime?: number
  acr?: string
  /** DPoP key thumbprint (RFC 9449, 6.1): the token is no bearer token then. */
  jkt?: string
}

export type CheckAccessToken = (
  token: string,
  options?: {
    /** Read it although its session, grant or account has ended: for who wants to end the rest of it. */
    evenDenied?: boolean
  },
) => Promise<AccessTokenClaims | undefined>

type Parts = {
  /** The API's address: tokens for another are refused. */
  audience: string
  clock: Clock
  /** The organisation of an issuer, and its public keys; `undefined` for an issuer that is not ours. */
  keysOf(issuer: string): Promise<IssuerKeys | undefined>
  /** Whether its session, grant or account has ended. Asked every time, also for tokens that passed before. */
  isDenied(claims: AccessTokenClaims): boolean
  /** Whether the client that got it is still there, and not disabled. Asked every time, too. */
  isClientActive(organisation: string, clientId: string): Promise<boolean>
}

export type IssuerKeys = { organisation: string; keys: readonly { kid: string; key: KeyObject }[] }

/** A token that was verified: what it says, and by which key. */
type Passed = { claims: AccessTokenClaims; issuer: string; kid: string | undefined }

const MAX_TOKEN_LENGTH = 8 * 1024
const CACHE_SIZE = 10_000
const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/

/** Makes the check: `undefined` for whatever is not an unexpired access token of ours for that API. */
export function createCheckAccessToken(parts: Parts): CheckAccessToken {
  const { audience, clock, keysOf } = parts
  const passed = new Map<string, Passed>()

  async function verify(token: string): Promise<Passed | undefined> {
    const issuer = issuerOf(token)
    const issuerKeys = issuer === undefined ? undefined : await keysOf(issuer)
    if (!issuer || !issuerKeys) return undefined
    const now = clock.now()
    try {
      const { payload, protectedHeader } = await jwtVerify(
        token,
        ({ kid }) => {
          const found = issuerKeys.keys.find((each) => each.kid === kid)
          if (!found) throw new TypeError('unknown kid')
          return found.key
        },
        {
          issuer,
          audience,
          typ: 'at+jwt',
          algorithms: ['RS256'],
          clockTolerance: lifetimes.clockLeeway,
          currentDate: new Date(now),
          requiredClaims: ['exp', 'iat', 'sub', 'jti', 'client_id', 'org'],
        },
      )
      const claims = claimsOf(payload)
      const isOurs = claims?.organisation === issuerKeys.organisation
      const isFromFuture = claims && claims.issuedAt > now / SECOND + lifetimes.clockLeeway
      return isOurs && !isFromFuture ? { claims, issuer, kid: protectedHeader.kid } : undefined
    } catch {
      // Whatever jose objects to, the caller hears one thing: the token is not valid.
      return undefined
    }
  }

  return async (token, { evenDenied = false } = {}) => {
    const claims = await check(token)
    if (!claims || evenDenied) return claims
    if (parts.isDenied(claims)) return undefined
    const isActive = await parts.isClientActive(claims.organisation, claims.clientId)
    return isActive ? claims : undefined
  }

  async function check(token: string): Promise<AccessTokenClaims | undefined> {
    if (token.length > MAX_TOKEN_LENGTH) return undefined
    const key = sha256(token)
    const known = passed.get(key)
    if (known) {
      if (await isStillGood(known)) return known.claims
      passed.delete(key)
      return undefined
    }
    const found = isCanonical(token) ? await verify(token) : undefined
    if (!found) return undefined
    putBounded(passed, { key, value: found, most: CACHE_SIZE })
    return found.claims
  }

  /** It expires, and a key that was withdrawn takes with it what it signed. */
  async function isStillGood({ claims, issuer, kid }: Passed): Promise<boolean> {
    if (claims.expiresAt + lifetimes.clockLeeway <= clock.now() / SECOND) return false
    return (await keysOf(issuer))?.keys.some((key) => key.kid === kid) === true
  }
}

/** Of an organisation's published keys those that access tokens are signed with, as the check takes them. */
export function publicKeys(
  jwks: readonly { kid: string; alg: string; [parameter: string]: string }[],
) {
  return jwks
    .filter((jwk) => jwk.alg === 'RS256')
    .map((jwk) => ({ kid: jwk.kid, key: createPublicKey({ key: { ...jwk }, format: 'jwk' }) }))
}

/** One token has one spelling: other encodings of the same bytes are refused (they would miss the cache and the log). */
function isCanonical(token: string): boolean {
  if (!COMPACT_JWS.test(token)) return false
  return token
    .split('.')
    .every((part) => Buffer.from(part, 'base64url').toString('base64url') === part)
}

function issuerOf(token: string): string | undefined {
  try {
    const { iss }: { iss?: unknown } = decodeJwt(token) // nobody has looked at what it says yet
    return typeof iss === 'string' ? iss : undefined
  } catch {
    return undefined
  }
}

function claimsOf(payload: JWTPayload): AccessTokenClaims | undefined {
  const { sub, exp, iat, client_id, org, scope, sid, gid, auth_time, acr, cnf } =
    payload as JWTPayload & {
      [claim: string]: unknown
    }
  if (typeof sub !== 'string' || typeof client_id !== 'string' || typeof org !== 'string')
    return undefined
  if (typeof exp !== 'number' || typeof iat !== 'number') return undefined
  if (!Number.isSafeInteger(exp)) return undefined // an end that no clock reaches is none
  const jkt = (cnf as { jkt?: unknown } | undefined)?.jkt
  return {
    organisation: org,
    account: sub,
    clientId: client_id,
    scopes: new Set(typeof scope === 'string' ? scope.split(' ') : []),
    issuedAt: iat,
    expiresAt: exp,
    ...(typeof sid === 'string' && { sid }),
    ...(typeof gid === 'string' && { grantId: gid }),
    ...(typeof auth_time === 'number' && { authTime: auth_time }),
    ...(typeof acr === 'string' && { acr }),
    ...(typeof jkt === 'string' && { jkt }),
  }
}
