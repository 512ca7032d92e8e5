// Messages from Redis: a connection of their own, made with the first subscription.

import type { Redis } from 'ioredis'
import type { Log } from '../../src/shared/log.ts'

type Hear = (message: string) => void

/** `limit` bounds a subscription, in milliseconds. */
export function createSubscriptions(redis: Redis, { log, limit }: { log: Log; limit: number }) {
  const channels = new Map<string, Set<Hear>>()
  let connection: Promise<Redis> | undefined
  let subscriber: Redis | undefined

  /** After every reconnect; what fails then is tried again by the next one. */
  function resubscribe(client: Redis): void {
    const names = [...channels.keys()]
    if (names.length > 0)
      client
        .subscribe(...names)
        .catch((error) => log.warn({ err: error }, 'Redis cannot be subscribed to'))
  }

  async function connect(): Promise<Redis> {
    // Nobody would hear what becomes of it if the client subscribed again by itself.
    const client = redis.duplicate({
      lazyConnect: true,
      commandTimeout: undefined,
      autoResubscribe: false,
    })
    subscriber = client
    client.on('ready', () => resubscribe(client))
    client.on('error', (error) => log.warn({ err: error }, 'Redis cannot be reached'))
    client.on('message', (channel: string, message: string) => {
      for (const hear of channels.get(channel) ?? []) hear(message)
    })
    try {
      await client.connect()
      return client
    } catch (error) {
      client.disconnect()
      connection = undefined // the next subscription tries anew
      throw error
    }
  }

  async function subscribe(channel: string): Promise<void> {
    connection ??= connect()
    await (await connection).subscribe(channel)
  }

  return {
    /** Returns when messages arrive; the function it returns ends that. */
    async add(channel: string, listener: Hear): Promise<() => Promise<void>> {
      const hear: Hear = (message) => listener(message) // one each, even for the same function
      const known = channels.get(channel) ?? new Set()
      channels.set(channel, known.add(hear))
      const end = async (): Promise<void> => {
        if (!known.delete(hear) || known.size > 0) return
        channels.delete(channel)
        // A server that is away goes on with a channel that nobody hears: no harm.
        if (subscriber) await within(limit, subscriber.unsubscribe(channel)).catch(() => {})
      }
      try {
        // Once more for a channel that is known: only so does it return when messages arrive.
        await within(limit, subscribe(channel))
        return end
      } catch (error) {
        if (known.delete(hear) && known.size === 0) channels.delete(channel)
        throw error
      }
    },

    async close(): Promise<void> {
      channels.clear()
      subscriber?.disconnect()
    },
  }
}

async function within<T>(limit: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('no answer in time')), limit)
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
