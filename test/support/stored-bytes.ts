// Everything a server has stored, as whoever steals the disks or a dump would read it.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Redis } from 'ioredis'
import { MongoClient } from 'mongodb'
import type { TestServer } from './server.ts'

export async function storedBytes({ config }: TestServer): Promise<string> {
  const parts = [filesIn(config.dataDir)]
  if (config.mongodbUri) parts.push(await documentsIn(config.mongodbUri))
  if (config.redisUrl) parts.push(await keysIn(config.redisUrl))
  return parts.join('\n')
}

/** Every collection with its documents as JSON: what a server still knows, without what a disk may remember. */
export async function storedCollections({ config }: TestServer): Promise<Map<string, string>> {
  if (config.mongodbUri) return collectionsIn(config.mongodbUri)
  const database = new DatabaseSync(join(config.dataDir, 'documents.db'), { readOnly: true })
  try {
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
    const rowsOf = (name: string) =>
      JSON.stringify(database.prepare(`SELECT * FROM "${name}"`).all())
    return new Map(tables.map(({ name }) => [String(name), rowsOf(String(name))]))
  } finally {
    database.close()
  }
}

/** The write-ahead logs too. */
function filesIn(folder: string): string {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('\n')
}

async function documentsIn(uri: string): Promise<string> {
  return [...(await collectionsIn(uri)).values()].join('\n')
}

async function collectionsIn(uri: string): Promise<Map<string, string>> {
  const client = new MongoClient(uri)
  try {
    const collections = await client.db().collections()
    const read = collections.map(async (each): Promise<[string, string]> => {
      return [each.collectionName, JSON.stringify(await each.find().toArray())]
    })
    return new Map(await Promise.all(read))
  } finally {
    await client.close()
  }
}

async function keysIn(url: string): Promise<string> {
  const redis = new Redis(url)
  try {
    const keys = await redis.keys('*')
    const entries = keys.map(async (key) => {
      const isHash = (await redis.type(key)) === 'hash'
      return [key, isHash ? await redis.hgetall(key) : await redis.get(key)] as const
    })
    return JSON.stringify(Object.fromEntries(await Promise.all(entries)))
  } finally {
    redis.disconnect()
  }
}
