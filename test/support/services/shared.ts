// The shared servers, as one test file sees them: a database and a key prefix of its own.

import { randomUUID } from 'node:crypto'
import { describe } from '@jest/globals'
import { Redis } from 'ioredis'
import { MongoClient } from 'mongodb'
import { eventually } from '../eventually.ts'

const isSkipped = process.env.SKIP_SERVICES === '1'

/** `describe`, or its skipped form where `SKIP_SERVICES=1` was said aloud. */
export const describeWithServices = isSkipped ? describe.skip : describe

/** A database of the test's own on the shared MongoDB. */
export function mongoForTest(): { uri: string; drop(): Promise<void> } {
  const shared = new URL(address('FOYER_TEST_MONGODB_URI'))
  shared.pathname = `/foyer-test-${randomUUID()}`
  const uri = shared.href
  return {
    uri,
    async drop() {
      const client = new MongoClient(uri)
      await client.db().dropDatabase()
      await client.close()
    },
  }
}

/** A key prefix of the test's own on the shared Redis; its keys expire by themselves. */
export function redisForTest(): { url: string; prefix: string } {
  return { url: address('FOYER_TEST_REDIS_URL'), prefix: `test-${randomUUID()}` }
}

/** Redis judges by its own clock: a key of the same age tells when the time is over. */
export async function redisPasses(url: string, milliseconds: number): Promise<void> {
  const redis = new Redis(url)
  const witness = `witness-${randomUUID()}`
  try {
    await redis.set(witness, '', 'PX', milliseconds)
    await eventually(async () => {
      if (await redis.exists(witness)) throw new Error('Redis is slow')
    })
  } finally {
    redis.disconnect()
  }
}

function address(name: string): string {
  // What is skipped is described all the same, and never connects.
  const value = isSkipped ? 'skipped://127.0.0.1' : process.env[name]
  if (!value) throw new Error(`${name} is not set: run the tests with npm test`)
  return value
}
