// Who asks: the token, the proof that goes with it, its scope, its customer.

import type { Context } from 'koa'
import type { RateLimiter } from '../../http/rate-limit.ts'
import { AppError } from '../../shared/errors.ts'
import {
  type Credentials,
  credentialsOf,
  type ProvenRequest,
  possessionProblem,
  type Scheme,
  setChallenge,
} from '../credentials.ts'
import { limits } from './limits.ts'

/** A checked access token, as far as the API needs it. */
export type Caller = {
  organisation: string
  account: string
  clientId: string
  scopes: ReadonlySet<string>
  /** The session that it comes from; absent where that is over, or never was. */
  sid?: string
  /** The grant that it was issued from. */
  grantId?: string
  /** Seconds since 1970. */
  expiresAt: number
  /** The thumbprint of the key that the token is bound to; absent for bearer tokens. */
  jkt?: string
}

export type CustomerOutcome =
  | { outcome: 'linked'; customer: string }
  | { outcome: 'not-linked' }
  /** The account is gone or disabled. */
  | { outcome: 'no-account' }

export type GuardParts = {
  /** `undefined` for whatever is not an unexpired access token of ours for this API. */
  checkAccessToken(token: string): Promise<Caller | undefined>
  /** The thumbprint of the key behind a proof; `undefined` for whatever is no fresh proof of this request. */
  checkProof(request: ProvenRequest): Promise<string | undefined>
  /** What proofs may be signed with. */
  proofAlgorithms: readonly string[]
  /** The origin that clients call. */
  baseUrl: string
  customerOf(organisation: string, account: string): Promise<CustomerOutcome>
  /** Whether the client is one of the business's own. */
  isFirstParty(organisation: string, clientId: string): Promise<boolean>
  rateLimiter: RateLimiter
  /** Where `/.well-known/oauth-protected-resource/…` describes this API (RFC 9728, 5.1). */
  metadataUri: string
}

/** Each throws 401, 403 or 429, in that order. */
export type Guard = {
  /** The customer whose data this request is about; throws 400 when none is linked. */
  customer(ctx: Context, scope: string): Promise<{ organisation: string; customer: string }>
  /** Who asks, for what needs no customer. */
  account(ctx: Context, scope: string): Promise<Caller>
  /** Who asks by one of the business's own applications, whatever its scopes. */
  ownApplication(ctx: Context): Promise<Caller>
}

export function createGuard(parts: GuardParts): Guard {
  const challenge = createChallenge(parts)
  const { checkProof, baseUrl } = parts
  const problemOf = (ctx: Context, credentials: Credentials, jkt: string | undefined) =>
    possessionProblem(ctx, credentials, { jkt, checkProof, uri: `${baseUrl}${ctx.path}` })

  async function callerOf(ctx: Context): Promise<Caller> {
    const credentials = credentialsOf(ctx)
    const caller = credentials && (await parts.checkAccessToken(credentials.token))
    const problem = caller ? await problemOf(ctx, credentials, caller.jkt) : 'invalid_token'
    if (caller && !problem) return caller
    challenge(ctx, { scheme: credentials?.scheme, error: problem })
    throw new AppError('invalid_token')
  }

  /** Without a scope it takes an application of the business. */
  async function check(
    ctx: Context,
    scope: string | undefined,
  ): Promise<{ caller: Caller; customer: string | undefined }> {
    const caller = await callerOf(ctx)
    const scheme = caller.jkt ? 'DPoP' : 'Bearer'
    const mayAsk =
      scope === undefined
        ? await parts.isFirstParty(caller.organisation, caller.clientId)
        : caller.scopes.has(scope)
    if (!mayAsk) {
      challenge(ctx, { scheme, error: 'insufficient_scope', scope })
      throw new AppError('insufficient_scope')
    }
    const isRead = ctx.method === 'GET' || ctx.method === 'HEAD'
    const user = `${caller.organisation}:${caller.account}`
    await parts.rateLimiter.count(ctx, isRead ? limits.read : limits.write, user)
    const linked = await parts.customerOf(caller.organisation, caller.account)
    if (linked.outcome === 'no-account') {
      challenge(ctx, { scheme, error: 'invalid_token' })
      throw new AppError('invalid_token')
    }
    return { caller, customer: linked.outcome === 'linked' ? linked.customer : undefined }
  }

  return {
    async customer(ctx, scope) {
      const { caller, customer } = await check(ctx, scope)
      if (customer === undefined) throw new AppError('no_customer')
      return { organisation: caller.organisation, customer }
    },
    account: async (ctx, scope) => (await check(ctx, scope)).caller,
    ownApplication: async (ctx) => (await check(ctx, undefined)).caller,
  }
}

type Refusal = { scheme: Scheme | undefined; error: string | undefined; scope?: string | undefined }

function createChallenge({ metadataUri, proofAlgorithms }: GuardParts) {
  return (ctx: Context, { scope, ...refusal }: Refusal): void => {
    const more = [...(scope ? [`scope="${scope}"`] : []), `resource_metadata="${metadataUri}"`]
    setChallenge(ctx, { ...refusal, more, proofAlgorithms })
  }
}
