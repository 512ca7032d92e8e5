// The limit of requests when its counters are away, and where there is one process only.

import { describe, expect, it } from '@jest/globals'
import Koa from 'koa'
import request from 'supertest'
import { createRateLimiter, type RateLimiterParts } from '../../src/http/rate-limit.ts'
import { AppError } from '../../src/shared/errors.ts'
import { StoreUnavailable } from '../../src/stores/errors.ts'

const WINDOW = 60_000

/** A server that allows two requests a minute to each user; the query names the user. */
function limited(parts: Pick<RateLimiterParts, 'increment'>) {
  const clock = { at: 0, now: () => clock.at }
  const limiter = createRateLimiter({
    ...parts,
    isOutage: (error) => error instanceof StoreUnavailable,
    clock,
  })
  const app = new Koa()
  app.silent = true
  app.use(async (ctx) => {
    try {
      await limiter.count(ctx, { name: 'test', limit: 2, window: WINDOW }, String(ctx.query.user))
      ctx.status = 204
    } catch (error) {
      ctx.status = error instanceof AppError ? error.status : 500
    }
  })
  const server = app.callback()
  const ask = async (user = 'ana') => {
    const answer = await request(server).get(`/?user=${user}`)
    return [answer.status, Number(answer.get('RateLimit-Remaining'))]
  }
  return { clock, ask }
}

describe('a limit', () => {
  it.each<[name: string, parts: Pick<RateLimiterParts, 'increment'>]>([
    ['in one process', {}],
    ['whose store is away', { increment: () => Promise.reject(new StoreUnavailable('Redis')) }],
  ])('%s counts for itself, each user and each window apart', async (_name, parts) => {
    const { clock, ask } = limited(parts)
    expect(await ask()).toEqual([204, 1])
    clock.at += WINDOW - 1
    expect(await ask()).toEqual([204, 0])
    expect(await ask()).toEqual([429, 0])
    expect(await ask('ben')).toEqual([204, 1])
    clock.at += 1
    expect(await ask()).toEqual([204, 1])
  })

  it('does not hide another fault behind its own counters', async () => {
    const { ask } = limited({ increment: () => Promise.reject(new TypeError('a mistake')) })
    expect((await ask())[0]).toBe(500)
  })
})
