// The limit of requests when its counters are away, and where there is one process only.

import { describe, expect, it } from '@jest/globals'
import Koa from 'koa'
import request from 'supertest'
import { createRateLimiter, type RateLimiterParts } from '../../src/http/rate-limit.ts'
import { AppError } from '../../src/shared/errors.ts'
import { StoreUnavailable } from '../../src/stores/errors.ts'

const WINDOW = 60_000

/** A server that allows so many requests a minute to each user; the query names the user. */
function limited(parts: Pick<RateLimiterParts, 'increment'>, limit = 2) {
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
      await limiter.count(ctx, { name: 'test', limit, window: WINDOW }, String(ctx.query.user))
      ctx.status = 204
    } catch (error) {
      ctx.status = error instanceof AppError ? error.status : 500
    }
  })
  const server = app.callback()
  const ask = async (user = 'ana'): Promise<[status: number, remaining: number]> => {
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

  describe('that processes share', () => {
    const LIMIT = 64

    /** The store's counter, and how often it was asked. */
    function store() {
      const asked = { times: 0 }
      let [count, resetsAt] = [0, WINDOW]
      const increment = async (_key: string, _window: number, by: number) => {
        asked.times += 1
        count += by
        return { count, resetsAt }
      }
      const beginWindow = (): void => {
        count = 0
        resetsAt += WINDOW
      }
      return { asked, increment, beginWindow }
    }

    const allowed = (answers: [status: number, remaining: number][]): number =>
      answers.filter(([status]) => status === 204).length

    it('is told and kept to the request, and mostly without asking the store', async () => {
      const { asked, increment } = store()
      const { ask } = limited({ increment }, LIMIT)
      for (let left = LIMIT - 1; left >= 0; left -= 1) expect(await ask()).toEqual([204, left])
      expect(asked.times).toBe(LIMIT / 2)
      expect(await ask()).toEqual([429, 0])
    })

    it('loses none of those that come at once', async () => {
      const { ask } = limited({ increment: store().increment }, LIMIT)
      expect(allowed(await Promise.all(Array.from({ length: LIMIT + 9 }, () => ask())))).toBe(LIMIT)
    })

    it('is never exceeded by all processes together', async () => {
      const { increment } = store()
      const [one, other] = [limited({ increment }, LIMIT), limited({ increment }, LIMIT)]
      const answers: [number, number][] = []
      for (let turn = 0; turn < LIMIT; turn += 1) answers.push(await one.ask(), await other.ask())
      expect(allowed(answers)).toBe(LIMIT)
    })

    it('is counted one by one where the clock is ahead of the store’s', async () => {
      const { asked, increment } = store()
      const { clock, ask } = limited({ increment }, LIMIT)
      clock.at = 2 * WINDOW
      const answers: [number, number][] = []
      for (let turn = 0; turn < LIMIT; turn += 1) answers.push(await ask())
      expect(asked.times).toBe(LIMIT)
      expect(allowed(answers)).toBe(LIMIT - 1)
    })

    it('takes nothing from one window into the next', async () => {
      const { increment, beginWindow } = store()
      const { clock, ask } = limited({ increment }, LIMIT)
      await ask()
      clock.at += WINDOW
      beginWindow()
      expect(await ask()).toEqual([204, LIMIT - 1])
    })
  })
})
