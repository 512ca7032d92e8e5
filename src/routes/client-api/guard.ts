// Who asks: the bearer token, its scope, its customer.

import type { Context } from 'koa'
import type { RateLimiter } from '../../http/rate-limit.ts'
import { AppError } from '../../shared/errors.ts'
import { limits } from './limits.ts'

/** A checked access token, as far as the API needs it. */
export type Caller = {
  organisation: string
  account: string
  scopes: ReadonlySet<string>
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
  customerOf(organisation: string, account: string): Promise<CustomerOutcome>
  rateLimiter: RateLimiter
  /** Where `/.well-known/oauth-protected-resource/…` describes this API (RFC 9728, 5.1). */
  metadataUri: string
}

export type Guard = (
  ctx: Context,
  scope: string,
) => Promise<{ organisation: string; customer: string }>

/** The customer whose data this request is about. Throws 401, 403, 429 or 400, in that order. */
export function createGuard(parts: GuardParts): Guard {
  const metadata = `resource_metadata="${parts.metadataUri}"`

  async function callerOf(ctx: Context): Promise<Caller> {
    const token = bearerToken(ctx)
    const caller = token === undefined ? undefined : await parts.checkAccessToken(token)
    // A token bound to a key is worth nothing to who only holds the token (RFC 9449, 7.1).
    if (caller && !caller.jkt) return caller
    // RFC 6750, 3.1: no error code for a request that did not try.
    const error = ctx.get('authorization') ? 'error="invalid_token", ' : ''
    ctx.set('WWW-Authenticate', `Bearer ${error}${metadata}`)
    throw new AppError('invalid_token')
  }

  return async (ctx, scope) => {
    const caller = await callerOf(ctx)
    if (!caller.scopes.has(scope)) {
      ctx.set(
        'WWW-Authenticate',
        `Bearer error="insufficient_scope", scope="${scope}", ${metadata}`,
      )
      throw new AppError('insufficient_scope')
    }
    const isRead = ctx.method === 'GET' || ctx.method === 'HEAD'
    const user = `${caller.organisation}:${caller.account}`
    await parts.rateLimiter.count(ctx, isRead ? limits.read : limits.write, user)
    const { organisation } = caller
    const linked = await parts.customerOf(organisation, caller.account)
    if (linked.outcome === 'no-account') {
      ctx.set('WWW-Authenticate', `Bearer error="invalid_token", ${metadata}`)
      throw new AppError('invalid_token')
    }
    if (linked.outcome === 'not-linked') throw new AppError('no_customer')
    return { organisation, customer: linked.customer }
  }
}

/** From the header and from nowhere else: addresses and bodies end up in logs (RFC 9700, 2.2). */
function bearerToken(ctx: Context): string | undefined {
  const [scheme, token, ...rest] = ctx.get('authorization').split(' ')
  return scheme?.toLowerCase() === 'bearer' && token && rest.length === 0 ? token : undefined
}
