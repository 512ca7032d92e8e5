// The database servers of a run, found as the tests find theirs, and what MongoDB counts of a target's commands.

import { MongoClient } from 'mongodb'
import { startOwnMongo, startOwnRedis } from '../test/support/services/processes.ts'

export type Services = {
  redisUrl: string
  /** A database of its own for each target. */
  mongodbUri(name: string): string
  /** How many commands reached the database while `work` ran. */
  countTrips(name: string, work: () => Promise<void>): Promise<number>
  stop(): Promise<void>
}

/** Enough for the commands of one count. */
const PROFILE_BYTES = 32 * 2 ** 20

export async function startServices(): Promise<Services> {
  const { MONGODB_URI, REDIS_URL } = process.env
  const mongo = MONGODB_URI ? undefined : await startOwnMongo()
  const redis = REDIS_URL ? undefined : await startOwnRedis()
  const client = await new MongoClient(MONGODB_URI ?? String(mongo?.uri)).connect()
  const run = `bench-${process.pid}`
  const used = new Set<string>()

  return {
    redisUrl: REDIS_URL ?? String(redis?.uri),

    mongodbUri(name) {
      used.add(`${run}-${name}`)
      const server = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?(.*)$/
      return (MONGODB_URI ?? String(mongo?.uri)).replace(server, `$1/${run}-${name}$2`)
    },

    async countTrips(name, work) {
      const database = client.db(`${run}-${name}`)
      await database.dropCollection('system.profile').catch(() => {}) // the first time there is none
      await database.createCollection('system.profile', { capped: true, size: PROFILE_BYTES })
      await database.command({ profile: 2 })
      await work()
      await database.command({ profile: 0 })
      return database
        .collection('system.profile')
        .countDocuments({ ns: { $not: /system\.profile|\$cmd/ } })
    },

    async stop() {
      for (const name of used) await client.db(name).dropDatabase()
      await client.close()
      await Promise.all([mongo?.stop(), redis?.stop()])
    },
  }
}
