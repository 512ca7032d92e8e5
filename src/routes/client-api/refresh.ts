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
}

export function refreshRoutes(router: Router, parts: RefreshParts): void {
  router.post('/refresh', async (ctx: Context) => {
    ctx.set({ 'Cache-Control': 'no-store', Pragma: 'no-cache' })
    const input = parseInput(clientApi.refreshRequest, await readJson(ctx), 'invalid_fields')
    // Nobody is known yet. A loop that repeats one token is stopped by the token, a guesser by his address.
    await parts.rateLimiter.count(ctx, limits.refresh, `token:${sha256(input.refresh_token)}`)
    await parts.rateLimiter.count(ctx, limits.read, `refresh:${ctx.ip}`)
    const authorization = ctx.get('authorization')
    const { status, body } = await parts.refresh({
      refreshToken: input.refresh_token,
      ...(authorization && { authorization }),
      ...(input.client_id && { clientId: input.client_id }),
      ...(input.client_secret && { clientSecret: input.client_secret }),
    })
    if (status >= 500) throw new AppError('unavailable', { retryAfter: 5 })
    if (status !== 200)
      throw new AppError('invalid_grant', { detail: `${body.error}: ${body.error_description}` })
    sendData(ctx, parseInput(clientApi.tokenPair, body, 'internal_error'))
  })
}
