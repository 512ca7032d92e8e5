// The access token of a request, and the proof that goes with one that is bound to a key.

import type { Context } from 'koa'

export type Scheme = 'Bearer' | 'DPoP'
export type Credentials = { scheme: Scheme; token: string }
export type Problem = 'invalid_token' | 'invalid_dpop_proof'

/** A proof of possession and what it must be about (RFC 9449, 4.3). */
export type ProvenRequest = { proof: string; method: string; uri: string; accessToken: string }

const schemes: readonly Scheme[] = ['Bearer', 'DPoP']

/** From the header and from nowhere else: addresses and bodies end up in logs (RFC 9700, 2.2). */
export function credentialsOf(ctx: Context): Credentials | undefined {
  const [name, token, ...rest] = ctx.get('authorization').split(' ')
  const scheme = schemes.find((each) => each.toLowerCase() === name?.toLowerCase())
  return scheme && token && rest.length === 0 ? { scheme, token } : undefined
}

/** A token that is bound to a key (`jkt`) is worth nothing to who only holds the token (RFC 9449, 7.1). */
export async function possessionProblem(
  ctx: Context,
  { scheme, token }: Credentials,
  parts: {
    jkt: string | undefined
    /** The request's address by our own name for ourselves: `Host` is whatever the caller says. */
    uri: string
    checkProof(request: ProvenRequest): Promise<string | undefined>
  },
): Promise<Problem | undefined> {
  const { jkt, uri, checkProof } = parts
  if (!jkt) return scheme === 'Bearer' ? undefined : 'invalid_token'
  if (scheme === 'Bearer') return 'invalid_token'
  const proof = { proof: ctx.get('dpop'), method: ctx.method, uri, accessToken: token }
  return (await checkProof(proof)) === jkt ? undefined : 'invalid_dpop_proof'
}

/**
 * How to do better (RFC 6750, 3; RFC 9449, 7.1): by the scheme that was tried, and by both for who tried
 * none. No error code for a request that did not try.
 */
export function setChallenge(
  ctx: Context,
  refusal: {
    scheme: Scheme | undefined
    error: string | undefined
    /** Such as `scope="…"`. */
    more?: readonly string[]
    proofAlgorithms: readonly string[]
  },
): void {
  const { scheme, error, more = [], proofAlgorithms } = refusal
  const hasTried = ctx.get('authorization') !== ''
  const parameters = [...(error && hasTried ? [`error="${error}"`] : []), ...more]
  const both = {
    Bearer: ['Bearer', parameters.join(', ')].filter(Boolean).join(' '),
    DPoP: `DPoP ${[`algs="${proofAlgorithms.join(' ')}"`, ...parameters].join(', ')}`,
  }
  ctx.set('WWW-Authenticate', scheme ? both[scheme] : [both.Bearer, both.DPoP])
}
