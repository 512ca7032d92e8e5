// Once before all tests: a folder, and a MongoDB and a Redis to share, unless addresses are given or skipping was asked for.

import { newFolder } from '../folder.ts'
import { type OwnServer, startOwnMongo, startOwnRedis } from './processes.ts'

declare global {
  var foyerTestServers: OwnServer[] | undefined
}

export default async function globalSetup(): Promise<void> {
  process.env.FOYER_TEST_FOLDER = newFolder('foyer-run-')
  if (process.env.SKIP_SERVICES === '1') {
    process.stderr.write('SKIP_SERVICES=1: every test that needs MongoDB or Redis is skipped.\n')
    return
  }
  const servers: OwnServer[] = []
  globalThis.foyerTestServers = servers
  const address = async (given: string | undefined, start: () => Promise<OwnServer>) => {
    if (given) return given
    const server = await start()
    servers.push(server)
    return server.uri
  }
  const [mongo, redis] = await Promise.all([
    address(process.env.MONGODB_URI, startOwnMongo),
    address(process.env.REDIS_URL, startOwnRedis),
  ])
  process.env.FOYER_TEST_MONGODB_URI = mongo
  process.env.FOYER_TEST_REDIS_URL = redis
}
