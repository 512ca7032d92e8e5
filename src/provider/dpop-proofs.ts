// Proofs of possession at the Client API (RFC 9449, 4.3): whoever sends the token also holds the key that it is bound to.

import { calculateJwkThumbprint, EmbeddedJWK, type JWK, jwtVerify } from 'jose'
import type { Middleware } from 'koa'
import { type Clock, SECOND } from '../shared/clock.ts'
import { sha256 } from '../shared/secrets.ts'
import { dpopAlgorithms } from './options.ts'

/** A request with a proof: what the proof must be about. */
export type ProvenRequest = {
  /** The `DPoP` header. */
  proof: string
  method: string
  /** Where the request was sent, by the issuer's own address, without its query. */
  uri: string
  /** The token that comes with it; left out where none does. */
  accessToken?: string
}

/** The thumbprint of the key that made the proof; `undefined` for whatever is no fresh proof of this request. */
export type CheckProof = (request: ProvenRequest) => Promise<string | undefined>

type Parts = {
  clock: Clock
  /** Keeps a key for as many milliseconds; `false` when it was there. Atomic. */
  remember(key: string, ttl: number): Promise<boolean>
}

/** As long as the token endpoint gives them, so that one clock is good for both. */
const WINDOW_SECONDS = 300
const MAX_LENGTH = 4 * 1024

export function createCheckProof({ clock, remember }: Parts): CheckProof {
  return async (request) => {
    if (request.proof.length > MAX_LENGTH) return undefined
    const read = await readProof(request.proof, clock)
    if (!read || !isAbout(read.payload, request)) return undefined
    const { iat, jti } = read.payload
    const age = Math.abs(clock.now() / SECOND - Number(iat))
    // `age` of no number is no number, and not within the window either.
    if (!(age <= WINDOW_SECONDS) || typeof jti !== 'string' || jti === '') return undefined
    const thumbprint = await calculateJwkThumbprint(read.jwk)
    // Twice the window: a proof from the future is good for that long.
    const isNew = await remember(
      `dpop:${sha256(`${thumbprint}.${jti}`)}`,
      2 * WINDOW_SECONDS * SECOND,
    )
    return isNew ? thumbprint : undefined
  }
}

/**
 * Lets a page that proves something read by which clock proofs are judged: its device's may be wrong by days,
 * and a proof by that one would be refused for ever.
 */
export function showClock(): Middleware {
  return async (ctx, next) => {
    await next()
    const isReadable = ctx.response.get('Access-Control-Allow-Origin') !== ''
    if (ctx.get('dpop') && isReadable) ctx.append('Access-Control-Expose-Headers', 'Date')
  }
}

type Claims = { [claim: string]: unknown }

async function readProof(
  proof: string,
  clock: Clock,
): Promise<{ payload: Claims; jwk: JWK } | undefined> {
  try {
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: [...dpopAlgorithms],
      currentDate: new Date(clock.now()),
    })
    return protectedHeader.jwk && { payload, jwk: protectedHeader.jwk }
  } catch {
    // Whatever jose objects to: it is no proof.
    return undefined
  }
}

function isAbout(claims: Claims, { method, uri, accessToken }: ProvenRequest): boolean {
  const isOfToken = accessToken === undefined || claims.ath === sha256(accessToken)
  return claims.htm === method && isAddress(claims.htu, uri) && isOfToken
}

/** RFC 9449, 4.3, 9: without query and fragment, and whichever way its URL is spelt. */
function isAddress(htu: unknown, uri: string): boolean {
  const address = typeof htu === 'string' ? URL.parse(htu) : null
  if (!address) return false
  address.search = ''
  address.hash = ''
  return address.href === new URL(uri).href
}
