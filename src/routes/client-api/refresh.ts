// POST /refresh: a new pair of tokens, by the very token endpoint.

import { clientApi } from '@foyer/contract'
import type Router from '@koa/router'
import type { Context } from 'koa'
import { readJson } from '../../http/body.ts'
import { sendData } from '../../http/envelope.ts'
import { parseInput } from '../../http/input.ts'
import type { RateLimiter } from '../../http/rate-limit.ts'
import { AppError } from '../../shared/errors.ts'
import { sha256 } from '../../shared/secrets.ts'
import { sourceOf } from '../../shared/source.ts'
import { limits } from './limits.ts'

export type RefreshParts = {
  /** The token endpoint (RFC 6749, 6): its status and its answer. */
  refresh(request: {
    refreshToken: string
    authorization?: string
    clientId?: string
    clientSecret?: string
  }): Promise<{ status: number; body: { [member: string]: unknown } }>
  rateLimiter: RateLimiter
  /** Where a new sign-in is described (RFC 9728). */
  metadataUri: string
}

export function refreshRoutes(router: Router, parts: RefreshParts): void {
  router.post('/refresh', async (ctx: Context) => {
    ctx.set({ 'Cache-Control': 'no-store', Pragma: 'no-cache' })
    const input = parseInput(clientApi.refreshRequest, await readJson(ctx), 'invalid_fields')
    // Nobody is known yet. A guesser is stopped by his address, a loop that repeats one token by the
    // token; the headers tell of the token, whose limit is the lower one.
    await parts.rateLimiter.count(ctx, limits.read, `refresh:${sha256(sourceOf(ctx.ip))}`)
    await parts.rateLimiter.count(ctx, limits.refresh, `token:${sha256(input.refresh_token)}`)
    const authorization = clientAuthentication(ctx)
    const { status, body } = await parts.refresh({
      refreshToken: input.refresh_token,
      ...(authorization && { authorization }),
      ...(input.client_id && { clientId: input.client_id }),
      ...(input.client_secret && { clientSecret: input.client_secret }),
    })
    if (status >= 500) throw new AppError('unavailable', { retryAfter: 5 })
    if (status !== 200) {
      const metadata = `resource_metadata="${parts.metadataUri}"`
      ctx.set('WWW-Authenticate', `Bearer error="invalid_grant", ${metadata}`)
      throw new AppError('invalid_grant', { detail: `${body.error}: ${body.error_description}` })
    }
    sendData(ctx, parseInput(clientApi.tokenPair, body, 'internal_error'))
  })
}

/**
 * The header of a client that authenticates (RFC 6749, 2.3.1). Many send their old access token with
 * every request: here it proves nothing, and does no harm.
 */
function clientAuthentication(ctx: Context): string | undefined {
  const header = ctx.get('authorization')
  return /^basic /i.test(header) ? header : undefined
}
