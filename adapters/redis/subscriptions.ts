// Messages from Redis: a connection of their own, made with the first subscription.

import type { Redis } from 'ioredis'
import type { Log } from '../../src/shared/log.ts'

type Listener = (message: string) => void

export function createSubscriptions(redis: Redis, log: Log) {
  const listeners = new Map<string, Set<Listener>>()
  let connection: Redis | undefined

  /** The client subscribes again by itself after every reconnect. */
  async function connected(): Promise<Redis> {
    if (connection) return connection
    connection = redis.duplicate({ lazyConnect: true, commandTimeout: undefined })
    connection.on('error', (error) => log.warn({ err: error }, 'Redis cannot be reached'))
    connection.on('message', (channel: string, message: string) => {
      for (const listener of listeners.get(channel) ?? []) listener(message)
    })
    await connection.connect()
    return connection
  }

  return {
    /** Returns when messages arrive; the function it returns ends that. */
    async add(channel: string, listener: Listener): Promise<() => Promise<void>> {
      const subscriber = await connected()
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
      connection?.disconnect()
    },
  }
}
