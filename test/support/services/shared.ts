// The shared servers, as one test file sees them: a database and a key prefix of its own.

import { randomUUID } from 'node:crypto'
import { describe } from '@jest/globals'
import { MongoClient } from 'mongodb'

/** `describe`, or its skipped form where `SKIP_SERVICES=1` was said aloud. */
export const describeWithServices = process.env.SKIP_SERVICES === '1' ? describe.skip : describe

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

function address(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run the tests with npm test`)
  return value
}
