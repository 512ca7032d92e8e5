// The ephemeral port on Redis, and what only it promises: an answer within a second, and a way back.

import { describe, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { createRedisEphemeral } from '../../adapters/redis/ephemeral.ts'
import { StoreUnavailable } from '../../src/stores/errors.ts'
import { eventually } from '../support/eventually.ts'
import { recordingLog } from '../support/server.ts'
import { startOwnRedis } from '../support/services/processes.ts'
import { describeWithServices, redisForTest } from '../support/services/shared.ts'
import { ephemeralContract } from './ephemeral.ts'

describeWithServices('Redis', () => {
  const server = redisForTest()
  const log = recordingLog()
  const open = () => createRedisEphemeral({ ...server, log })

  ephemeralContract('Redis', {
    open,
    openAgain: open,
    now: Date.now,
    // Redis judges by its own clock: a key of the same age tells when the time is over.
    async pass(milliseconds) {
      const redis = new Redis(server.url)
      const witness = `${server.prefix}:witness`
      await redis.set(witness, '', 'PX', milliseconds)
      await eventually(async () => expect(await redis.exists(witness)).toBe(0))
      redis.disconnect()
    },
  })

  it('leaves no key that never expires', async () => {
    const store = await open()
    await store.set('a', '1', 60_000)
    await store.markOnce('a', 'x')
    await store.increment('b', 60_000)
    await store.guard('c', {
      digest: 'd',
      digestExpiresAt: Date.now() + 60_000,
      value: '',
      tries: 1,
      ttl: 60_000,
    })
    await store.attempt('c', 'wrong')
    await store.close()
    const redis = new Redis(server.url)
    const keys = await redis.keys(`${server.prefix}:*`)
    const lives = await Promise.all(keys.map((key) => redis.pttl(key)))
    redis.disconnect()
    expect(keys.length).toBeGreaterThan(3)
    expect(lives.filter((life) => life < 0)).toEqual([])
  })

  it('keeps the keys of one operation in one slot of a cluster', async () => {
    const redis = new Redis(server.url)
    const keys = (await redis.keys(`${server.prefix}:{a}*`)).sort()
    redis.disconnect()
    expect(keys).toEqual([`${server.prefix}:{a}`, `${server.prefix}:{a}:mark`])
  })

  describe('a server of its own', () => {
    it.each(['SIGKILL', 'SIGSTOP'] as const)(
      'that is gone (%s) is unavailable within 2 seconds, and used again when it is back',
      async (signal) => {
        const redis = await startOwnRedis()
        const store = await createRedisEphemeral({ url: redis.uri, log })
        const heard: string[] = []
        try {
          await store.subscribe('news', (message) => heard.push(message))
          await redis.kill(signal)
          const began = Date.now()
          await expect(store.get('x')).rejects.toThrow(StoreUnavailable)
          await expect(store.attempt('x', 'y')).rejects.toThrow(StoreUnavailable)
          expect(Date.now() - began).toBeLessThan(4000) // two answers
          await (signal === 'SIGKILL' ? redis.restart() : redis.kill('SIGCONT'))
          await eventually(() => store.set('x', 'back', 60_000))
          expect(await store.get('x')).toBe('back')
          await eventually(async () => {
            await store.publish('news', 'good')
            expect(heard).toContain('good')
          })
        } finally {
          await redis.kill('SIGCONT')
          await store.close()
          await redis.stop()
        }
      },
      40_000,
    )

    it('that never answered is refused at the start', async () => {
      const opened = createRedisEphemeral({ url: 'redis://127.0.0.1:1', log })
      await expect(opened).rejects.toThrow(StoreUnavailable)
    })
  })
})
