// The ephemeral port on Redis, and what only it promises: an answer within a second, and a way back.

import { afterEach, describe, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { createRedisEphemeral } from '../../adapters/redis/ephemeral.ts'
import type { Ephemeral } from '../../src/stores/ephemeral.ts'
import { StoreUnavailable } from '../../src/stores/errors.ts'
import { eventually } from '../support/eventually.ts'
import { recordingLog } from '../support/recording-log.ts'
import { startRelay } from '../support/relay.ts'
import { type OwnServer, startOwnRedis } from '../support/services/processes.ts'
import { describeWithServices, redisForTest, redisPasses } from '../support/services/shared.ts'
import { startStopwatch } from '../support/stopwatch.ts'
import { ephemeralContract } from './ephemeral.ts'

describeWithServices('Redis', () => {
  const server = redisForTest()
  const log = recordingLog()
  const open = () => createRedisEphemeral({ ...server, log })

  ephemeralContract('Redis', {
    open,
    openAgain: open,
    now: Date.now,
    pass: (milliseconds) => redisPasses(server.url, milliseconds),
  })

  it('leaves no key that never expires', async () => {
    const store = await open()
    await store.set('a', '1', 60_000)
    await store.markOnce('a', 'x')
    await store.increment('b', 60_000)
    await store.guard('c', guard)
    await store.attempt('c', 'wrong')
    await store.close()
    const redis = new Redis(server.url)
    const keys = await redis.keys(`${server.prefix}:*`)
    const lives = await Promise.all(keys.map((key) => redis.pttl(key)))
    redis.disconnect()
    expect(keys.length).toBeGreaterThan(3)
    expect(lives.filter((life) => life < 0)).toEqual([])
  })

  it('sends what is asked in one turn of the event loop as one write', async () => {
    const writes: string[] = []
    const relay = await startRelay(server.url, () => ({
      toStore: (bytes) => writes.push(bytes.toString()),
    }))
    const store = await createRedisEphemeral({
      url: `redis://127.0.0.1:${relay.port}`,
      prefix: server.prefix,
      log,
    })
    await store.get('first')
    writes.length = 0
    await Promise.all(Array.from({ length: 20 }, (_, index) => store.get(`turn-${index}`)))
    await store.close()
    await relay.stop()
    expect(writes.map((text) => text.match(/turn-/g)?.length)).toEqual([20])
  })

  describe('a server of its own', () => {
    let redis: OwnServer
    let store: Ephemeral
    const start = async (...args: string[]): Promise<void> => {
      redis = await startOwnRedis(args)
      store = await createRedisEphemeral({ url: redis.uri, log })
    }
    afterEach(async () => {
      await redis.kill('SIGCONT')
      await store.close()
      await redis.stop()
    })

    it('that is gone keeps no process alive which has closed its connection', async () => {
      const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout')
      await start()
      log.lines.length = 0
      await redis.kill('SIGKILL')
      // It tries again and again, ever more seldom: closed now, it is between two tries.
      await eventually(async () => expect(log.lines.length).toBeGreaterThan(4))
      const waiting = timers().length
      await store.close()
      await eventually(async () => expect(timers().length).toBeLessThan(waiting), 1000)
    })

    it.each(['SIGKILL', 'SIGSTOP'] as const)(
      'that is gone (%s) is unavailable to every method within a second, and used again when it is back',
      async (signal) => {
        await start()
        const heard: string[] = []
        await store.subscribe('news', (message) => heard.push(message))
        await redis.kill(signal)
        // A signal takes a moment to arrive: until then it may still answer.
        await eventually(() => expect(store.ping()).rejects.toThrow(StoreUnavailable))
        const taken = startStopwatch()
        const outcomes = await Promise.allSettled(everyMethod(store))
        expect(taken()).toBeLessThan(1500) // a second, and some for this machine
        for (const outcome of outcomes)
          expect(outcome).toEqual({ status: 'rejected', reason: expect.any(StoreUnavailable) })
        await (signal === 'SIGKILL' ? redis.restart() : redis.kill('SIGCONT'))
        await eventually(() => store.set('x', 'back', 60_000))
        expect(await store.get('x')).toBe('back')
        await eventually(() => store.subscribe('more', (message) => heard.push(message)))
        await eventually(async () => {
          await store.publish('news', 'good')
          await store.publish('more', 'better')
          expect(heard).toEqual(expect.arrayContaining(['good', 'better']))
        })
      },
      40_000,
    )

    it('D08: that is full lets nobody guess: what cannot be counted is not looked at', async () => {
      await start('--maxmemory-policy', 'noeviction')
      await store.guard('code', guard)
      const client = new Redis(redis.uri)
      await client.config('SET', 'maxmemory', '1')
      for (const digest of ['wrong', 'right'])
        await expect(store.attempt('code', digest)).rejects.toThrow(StoreUnavailable)
      await expect(store.increment('n', 60_000)).rejects.toThrow(StoreUnavailable)
      await expect(store.set('x', 'y', 60_000)).rejects.toThrow(StoreUnavailable)
      await client.config('SET', 'maxmemory', '0')
      client.disconnect()
      expect(await store.attempt('code', 'right')).toEqual({ outcome: 'taken', value: 'value' })
    })

    it('that is a cluster’s finds the keys of each operation in one slot', async () => {
      await start('--cluster-enabled', 'yes')
      const client = new Redis(redis.uri)
      await client.cluster('ADDSLOTS', ...Array.from({ length: 16_384 }, (_, slot) => slot))
      await eventually(async () =>
        expect(await client.cluster('INFO')).toContain('cluster_state:ok'),
      )
      // A node that has every slot answers for all keys, and still refuses keys of two slots at once.
      await expect(client.mget('a', 'b')).rejects.toThrow('CROSSSLOT')
      client.disconnect()
      await Promise.all(everyMethod(store))
    })
  })

  it('refuses at the start a server that never answered', async () => {
    const opened = createRedisEphemeral({ url: 'redis://127.0.0.1:1', log })
    await expect(opened).rejects.toThrow(StoreUnavailable)
  })
})

const guard = {
  digest: 'right',
  digestExpiresAt: Date.now() + 60_000,
  value: 'value',
  tries: 5,
  ttl: 60_000,
}

/** One call of each method, all at once. */
function everyMethod(store: Ephemeral): Promise<unknown>[] {
  return [
    store.set('a', 'value', 60_000),
    store.setIfAbsent('b', 'value', 60_000),
    store.get('a'),
    store.getMarked('a'),
    store.markOnce('a', 'mark'),
    store.take('a'),
    store.delete('a'),
    store.guard('c', guard),
    store.attempt('c', 'wrong'),
    store.increment('d', 60_000),
    store.takeBack('d', 1),
    store.turn('e', { now: 1, gap: 1, limit: 1 }),
    store.publish('elsewhere', 'message'),
    store.subscribe('elsewhere', () => {}),
    store.ping(),
  ]
}
