// The same tests on both kinds of stores: the embedded ones, and MongoDB with Redis.

import { afterAll, describe } from '@jest/globals'
import { startServer, type TestServer } from './server.ts'
import { describeWithServices, mongoForTest, redisForTest } from './services/shared.ts'

/** Runs the suite twice; `start` makes a server on the stores of its turn. */
export function describeOnAllStores(
  name: string,
  suite: (
    start: (env?: { [name: string]: string }) => Promise<TestServer>,
    stores: 'embedded' | 'servers',
  ) => void,
): void {
  describe(`${name}, on the embedded stores`, () =>
    suite((env = {}) => startServer({ env }), 'embedded'))
  describeWithServices(`${name}, on MongoDB and Redis`, () => {
    const mongo = process.env.SKIP_SERVICES === '1' ? undefined : mongoForTest()
    afterAll(() => mongo?.drop())
    const start = (env = {}): Promise<TestServer> =>
      startServer({ env: { ...env, MONGODB_URI: mongo?.uri ?? '', REDIS_URL: redisForTest().url } })
    suite(start, 'servers')
  })
}
