// The database servers of a run, found as the tests find theirs, and what MongoDB counts of a target's commands.

import { Redis } from 'ioredis'
import { MongoClient } from 'mongodb'
import { startOwnMongo, startOwnRedis } from '../test/support/services/processes.ts'

export type Services = {
  redisUrl: string
  /** A database of its own for each target. */
  mongodbUri(name: string): string
  /** How many reads and writes reached MongoDB while `work` ran. */
  countTrips(work: () => Promise<void>): Promise<number>
  /** What the databases hold for whoever uses them, ourselves included. */
  holding(): Promise<StoreHolding>
  stop(): Promise<void>
}

export type StoreHolding = {
  mongoConnections: number
  redisConnections: number
  /** Keys that stay until somebody removes them. */
  lastingKeys: number
}

export async function startServices(): Promise<Services> {
  const { MONGODB_URI, REDIS_URL } = process.env
  const mongo = MONGODB_URI ? undefined : await startOwnMongo()
  const redis = REDIS_URL ? undefined : await startOwnRedis()
  const client = await new MongoClient(MONGODB_URI ?? String(mongo?.uri)).connect()
  const inspector = new Redis(REDIS_URL ?? String(redis?.uri))
  const run = `bench-${process.pid}`
  const used = new Set<string>()

  return {
    redisUrl: REDIS_URL ?? String(redis?.uri),

    mongodbUri(name) {
      used.add(`${run}-${name}`)
      const server = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?(.*)$/
      return (MONGODB_URI ?? String(mongo?.uri)).replace(server, `$1/${run}-${name}$2`)
    },

    async countTrips(work) {
      const before = await commandsOf(client)
      await work()
      return (await commandsOf(client)) - before
    },

    async holding() {
      const { connections } = await client.db('admin').command({ serverStatus: 1 })
      const info = await inspector.info()
      const number = (pattern: RegExp): number => Number(pattern.exec(info)?.[1] ?? 0)
      return {
        mongoConnections: connections.current,
        redisConnections: number(/connected_clients:(\d+)/),
        lastingKeys: number(/db0:keys=(\d+)/) - number(/db0:keys=\d+,expires=(\d+)/),
      }
    },

    async stop() {
      for (const name of used) await client.db(name).dropDatabase()
      await client.close()
      inspector.disconnect()
      await Promise.all([mongo?.stop(), redis?.stop()])
    },
  }
}

const COUNTED = [
  ...['find', 'aggregate', 'insert', 'update', 'delete', 'findAndModify'],
  ...['commitTransaction', 'abortTransaction'],
]

/** As the server counts them since its start; several changes in one command are one trip. */
async function commandsOf(client: MongoClient): Promise<number> {
  const { metrics } = await client.db('admin').command({ serverStatus: 1 })
  return COUNTED.reduce((sum, name) => sum + Number(metrics.commands[name]?.total ?? 0), 0)
}
