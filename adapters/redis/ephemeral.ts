// The ephemeral port on Redis: every key expires, every answer comes within two seconds or not at all.

import { Redis } from 'ioredis'
import type { Log } from '../../src/shared/log.ts'
import type { Attempt, Ephemeral } from '../../src/stores/ephemeral.ts'
import { StoreUnavailable } from '../../src/stores/errors.ts'
import { scripts } from './scripts.ts'
import { createSubscriptions } from './subscriptions.ts'

/** What is asked while earlier questions travel waits for their answers: with its own wait, under two seconds. */
const COMMAND_TIMEOUT = 800
/** A connection that owes an answer for so long is made anew: a lost network does not say that it is gone. */
const SILENCE = 2000
const CONNECT_TIMEOUT = 2000
const LONGEST_RECONNECT = 1000
/** For a server to say goodbye. ioredis waits for it also where the connection is gone already. */
const GOODBYE = 100

export type RedisParts = {
  url: string
  /** Stands before every key, so that several installations may share a server. */
  prefix?: string
  log: Log
}

/** What `scripts` adds to the client. */
type Scripted = Redis & {
  foyerSet(value: string, mark: string, text: string, ttl: number): Promise<null>
  foyerMarkOnce(value: string, mark: string, by: string): Promise<number>
  foyerTake(value: string, mark: string): Promise<string | null>
  foyerGuard(key: string, ...fields: (string | number)[]): Promise<number>
  foyerAttempt(
    guard: string,
    value: string,
    mark: string,
    digest: string,
  ): Promise<[string, (string | number)?]>
  foyerIncrement(key: string, by: number, window: number): Promise<[number, number]>
  foyerTakeBack(key: string, resetsAt: number): Promise<null>
  foyerTurn(key: string, now: number, gap: number, limit: number): Promise<number | null>
}

/** Connects. Throws `StoreUnavailable` when no server answers; later it reconnects by itself, for ever. */
export async function createRedisEphemeral(parts: RedisParts): Promise<Ephemeral> {
  const redis = connect(parts)
  await translate(() => redis.connect())
  const subscriptions = createSubscriptions(redis, { log: parts.log, limit: COMMAND_TIMEOUT })
  return {
    ...createValues(redis, parts.prefix ?? 'foyer'),
    ...createGuards(redis, parts.prefix ?? 'foyer'),

    async publish(channel, message) {
      await translate(() => redis.publish(`${parts.prefix ?? 'foyer'}:${channel}`, message))
    },

    subscribe: (channel, listener) =>
      translate(() => subscriptions.add(`${parts.prefix ?? 'foyer'}:${channel}`, listener)),

    async ping() {
      await translate(() => redis.ping())
    },

    async close() {
      await subscriptions.close()
      redis.disconnect()
    },
  }
}

function connect({ url, log }: RedisParts): Scripted {
  let wasReady = false
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT,
    commandTimeout: COMMAND_TIMEOUT,
    socketTimeout: SILENCE,
    disconnectTimeout: GOODBYE,
    // Nothing waits for a server that is away: who asks hears so at once.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    // What a lost connection did not answer may have happened: it is not asked again.
    autoResendUnfulfilledCommands: false,
    // A server that was never there ends the start.
    retryStrategy: (times) => (wasReady ? Math.min(times * 50, LONGEST_RECONNECT) : null),
  })
  redis.once('ready', () => {
    wasReady = true
  })
  redis.on('error', (error) => log.warn({ err: error }, 'Redis cannot be reached'))
  for (const [name, script] of Object.entries(scripts)) redis.defineCommand(name, script)
  sendTogether(redis)
  return redis as Scripted // defineCommand has just added them
}

/**
 * What is asked in one turn of the event loop travels together, as one write. A pipeline for each turn, which the
 * client would make itself, costs several times as much: it copies every script's method.
 */
function sendTogether(redis: Redis): void {
  const send = redis.sendCommand.bind(redis)
  let held: Redis['stream'] | undefined
  const letGo = (): void => {
    held?.uncork()
    held = undefined
  }
  redis.sendCommand = (...command) => {
    const { stream } = redis
    if (stream && stream !== held) {
      stream.cork()
      held = stream // the one before, if any, is closed
      setImmediate(letGo)
    }
    return send(...command)
  }
}

type Values = Pick<
  Ephemeral,
  'set' | 'setIfAbsent' | 'get' | 'getMarked' | 'markOnce' | 'take' | 'delete'
>

function createValues(redis: Scripted, prefix: string): Values {
  const { valueKey, markKey, guardKey } = keysWith(prefix)
  return {
    async set(key, value, ttl) {
      await translate(() => redis.foyerSet(valueKey(key), markKey(key), value, ttl))
    },

    async setIfAbsent(key, value, ttl) {
      return (await translate(() => redis.set(valueKey(key), value, 'PX', ttl, 'NX'))) === 'OK'
    },

    async get(key) {
      return (await translate(() => redis.get(valueKey(key)))) ?? undefined
    },

    async getMarked(key) {
      const [value, mark] = await translate(() => redis.mget(valueKey(key), markKey(key)))
      return typeof value === 'string' ? { value, mark: mark ?? undefined } : undefined
    },

    async markOnce(key, mark) {
      const outcome = await translate(() => redis.foyerMarkOnce(valueKey(key), markKey(key), mark))
      if (outcome === -1) return 'missing'
      return outcome === 1 ? 'marked' : 'already'
    },

    async take(key) {
      return (await translate(() => redis.foyerTake(valueKey(key), markKey(key)))) ?? undefined
    },

    async delete(key) {
      await translate(() => redis.del(valueKey(key), markKey(key), guardKey(key)))
    },
  }
}

function createGuards(
  redis: Scripted,
  prefix: string,
): Pick<Ephemeral, 'guard' | 'attempt' | 'increment' | 'takeBack' | 'turn'> {
  const { guardKey, valueKey, markKey, counterKey, turnKey } = keysWith(prefix)
  return {
    async guard(key, guard) {
      const { digest, digestExpiresAt, value, tries, ttl } = guard
      const fields = [digest, digestExpiresAt, value, tries, ttl]
      return { left: await translate(() => redis.foyerGuard(guardKey(key), ...fields)) }
    },

    async attempt(key, digest): Promise<Attempt> {
      const keys = [guardKey(key), valueKey(key), markKey(key)] as const
      const [outcome, rest] = await translate(() => redis.foyerAttempt(...keys, digest))
      if (outcome === 'taken') return { outcome, value: String(rest) }
      if (outcome === 'wrong') return { outcome, left: Number(rest) }
      return { outcome: outcome === 'spent' ? 'spent' : 'missing' }
    },

    async increment(key, window, by = 1) {
      const [count, resetsAt] = await translate(() =>
        redis.foyerIncrement(counterKey(key), by, window),
      )
      return { count, resetsAt }
    },

    async takeBack(key, resetsAt) {
      await translate(() => redis.foyerTakeBack(counterKey(key), resetsAt))
    },

    async turn(key, { now, gap, limit }) {
      return (await translate(() => redis.foyerTurn(turnKey(key), now, gap, limit))) ?? undefined
    },
  }
}

/** The braces make Redis Cluster keep all keys of one operation in one slot. */
function keysWith(prefix: string) {
  return {
    valueKey: (key: string): string => `${prefix}:{${key}}`,
    markKey: (key: string): string => `${prefix}:{${key}}:mark`,
    guardKey: (key: string): string => `${prefix}:{${key}}:guard`,
    counterKey: (key: string): string => `${prefix}:{${key}}:count`,
    turnKey: (key: string): string => `${prefix}:{${key}}:turn`,
  }
}

/** Whatever the client throws, the answer is not known: the store counts as away. A wrong call is our own fault. */
async function translate<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof TypeError) throw error
    throw new StoreUnavailable('Redis', { cause: error })
  }
}
