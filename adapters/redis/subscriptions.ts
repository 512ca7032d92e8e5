// Messages from Redis: a connection of their own, made with the first subscription.

import type { Redis } from 'ioredis'
import type { Log } from '../../src/shared/log.ts'

type Listener = (message: string) => void

export function createSubscriptions(redis: Redis, log: Log) {
  const listeners = new Map<string, Set<Listener>>()
  let connection: Promise<Redis> | undefined

  /** The client subscribes again by itself after every reconnect. */
  async function connect(): Promise<Redis> {
    const subscriber = redis.duplicate({ lazyConnect: true, commandTimeout: undefined })
    subscriber.on('error', (error) => log.warn({ err: error }, 'Redis cannot be reached'))
    subscriber.on('message', (channel: string, message: string) => {
      for (const listener of listeners.get(channel) ?? []) listener(message)
    })
    try {
      await subscriber.connect()
      return subscriber
    } catch (error) {
      subscriber.disconnect()
      connection = undefined // the next subscription tries anew
      throw error
    }
  }

  return {
    /** Returns when messages arrive; the function it returns ends that. */
    async add(channel: string, listener: Listener): Promise<() => Promise<void>> {
      connection ??= connect()
      const subscriber = await connection
      const known = listeners.get(channel) ?? new Set()
      known.add(listener)
      if (!listeners.has(channel)) {
        listeners.set(channel, known)
        await subscriber.subscribe(channel)
      }
      return async () => {
        known.delete(listener)
        if (known.size > 0) return
        listeners.delete(channel)
        await subscriber.unsubscribe(channel)
      }
    },

    async close(): Promise<void> {
      listeners.clear()
      const subscriber = await connection?.catch(() => undefined)
      subscriber?.disconnect()
    },
  }
}
