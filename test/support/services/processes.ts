// Database servers of the tests' own: started on a free port, ended by their process id.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { MongoClient } from 'mongodb'
import { findServer } from './binaries.ts'

export type OwnServer = {
  /** Where it listens, as the driver takes it. */
  uri: string
  pid(): number
  /** Sends a signal; with SIGKILL or SIGTERM it returns when the process is gone. */
  kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): Promise<void>
  /** Starts it again on the same port and data; returns when it answers. */
  restart(): Promise<void>
  /** Ends it and removes its data. */
  stop(): Promise<void>
}

/** A mongod that is a replica set of one, ready to be written to. `standalone` leaves the set away. */
export async function startOwnMongo({ standalone = false } = {}): Promise<OwnServer> {
  const port = await freePort()
  const options = standalone ? [] : ['--replSet', 'rs0', '--oplogSize', '64']
  const uri = `mongodb://127.0.0.1:${port}/?${standalone ? 'directConnection=true' : 'replicaSet=rs0'}`
  return startServer({
    program: findServer('mongod'),
    uri,
    args: (folder) => [
      '--dbpath',
      folder,
      '--port',
      String(port),
      '--bind_ip',
      '127.0.0.1',
      '--wiredTigerCacheSizeGB',
      '0.25',
      '--quiet',
      '--nounixsocket',
      ...options,
    ],
    ready: () => mongoIsReady(port, standalone),
  })
}

/** A redis-server without persistence, unless `args` say otherwise. */
export async function startOwnRedis(args: readonly string[] = []): Promise<OwnServer> {
  const port = await freePort()
  const uri = `redis://127.0.0.1:${port}`
  return startServer({
    program: findServer('redis'),
    uri,
    args: (folder) => [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      '--save',
      '',
      '--appendonly',
      'no',
      ...args,
    ],
    ready: () => redisIsReady(uri),
  })
}

type ServerPlan = {
  program: string
  uri: string
  args(folder: string): string[]
  ready(): Promise<void>
}

async function startServer(plan: ServerPlan): Promise<OwnServer> {
  const folder = mkdtempSync(join(tmpdir(), 'foyer-test-'))
  let child: ChildProcess
  const start = async (): Promise<void> => {
    child = spawn(plan.program, plan.args(folder), { stdio: 'ignore' })
    const failed = once(child, 'error').then(([error]) => Promise.reject(error))
    const ended = once(child, 'exit').then(([code]) =>
      Promise.reject(new Error(`${plan.program} ended with ${code} before it was ready`)),
    )
    const ready = plan.ready()
    await Promise.race([ready, failed, ended])
    for (const promise of [failed, ended]) promise.catch(() => {}) // later ends are asked for
  }
  const kill: OwnServer['kill'] = async (signal) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const isEnd = signal === 'SIGKILL' || signal === 'SIGTERM'
    const gone = isEnd ? once(child, 'exit') : undefined
    child.kill(signal)
    await gone
  }
  await start()
  return {
    uri: plan.uri,
    pid: () => child.pid ?? 0,
    kill,
    restart: start,
    async stop() {
      await kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const START_TIME = 20_000

async function mongoIsReady(port: number, standalone: boolean): Promise<void> {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: START_TIME,
  })
  const admin = client.db('admin')
  try {
    await client.connect()
    if (standalone) return
    const members = [{ _id: 0, host: `127.0.0.1:${port}` }]
    await admin.command({ replSetInitiate: { _id: 'rs0', members } }).catch(() => {}) // a restart has it
    await until(async () => (await admin.command({ hello: 1 })).isWritablePrimary === true)
  } finally {
    await client.close()
  }
}

async function redisIsReady(uri: string): Promise<void> {
  const redis = new Redis(uri, { maxRetriesPerRequest: null, retryStrategy: () => 20 })
  redis.on('error', () => {}) // not yet listening
  await redis.ping()
  redis.disconnect()
}

/** Asks again and again, up to the time a server may take to start. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + START_TIME
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('the server was not ready in time')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** A port that nothing listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
