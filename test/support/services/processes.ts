// Database servers of the tests' own: started on a free port, ended by their process id.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { Redis } from 'ioredis'
import { type Db, MongoClient } from 'mongodb'
import { newFolder } from '../folder.ts'
import { findServer } from './binaries.ts'

export type OwnServer = {
  /** Where it listens, as the driver takes it. */
  uri: string
  pid(): number
  /** Sends a signal; with SIGKILL or SIGTERM it returns when the process is gone, with SIGSTOP when it stands. */
  kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): Promise<void>
  /** Starts it again on the same port and data; returns when it answers. */
  restart(): Promise<void>
  /** Ends it and removes its data. */
  stop(): Promise<void>
}

/** A mongod that is a replica set of one, ready to be written to. `standalone` leaves the set away. */
export async function startOwnMongo({ standalone = false } = {}): Promise<OwnServer> {
  const port = await freePort()
  const uri = `mongodb://127.0.0.1:${port}/?${standalone ? 'directConnection=true' : 'replicaSet=rs0'}`
  return startMongod(port, {
    uri,
    isMember: !standalone,
    ready: () =>
      askMongo(port, async (admin) => {
        if (standalone) return
        await initiate(admin, [port])
        await untilPrimary(admin)
      }),
  })
}

/** Three members of one replica set. Any of them may be the primary, and go. */
export async function startOwnReplicaSet(): Promise<{
  uri: string
  /** By whether it is the primary now. */
  members(): Promise<{ primary: OwnServer; secondaries: OwnServer[] }>
  stop(): Promise<void>
}> {
  const ports = await Promise.all([freePort(), freePort(), freePort()])
  const uri = `mongodb://${ports.map((port) => `127.0.0.1:${port}`).join()}/?replicaSet=rs0`
  const servers = await Promise.all(
    ports.map((port) =>
      startMongod(port, { uri, isMember: true, ready: () => askMongo(port, async () => {}) }),
    ),
  )
  await askMongo(ports[0], async (admin) => {
    await initiate(admin, ports)
    await untilPrimary(admin)
  })
  return {
    uri,
    async members() {
      const asked = ports.map(async (port, at) => ({
        server: servers[at] as OwnServer, // as many as ports
        isPrimary: await askMongo(port, isPrimary, 500).catch(() => false), // it may be gone
      }))
      const all = await Promise.all(asked)
      const primary = all.find((each) => each.isPrimary)?.server
      if (!primary) throw new Error('the replica set has no primary')
      return { primary, secondaries: servers.filter((server) => server !== primary) }
    },
    async stop() {
      await Promise.all(servers.map((server) => server.stop()))
    },
  }
}

function startMongod(
  port: number,
  plan: Pick<ServerPlan, 'uri' | 'ready'> & { isMember: boolean },
): Promise<OwnServer> {
  return startServer({
    ...plan,
    program: findServer('mongod'),
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
      ...(plan.isMember ? ['--replSet', 'rs0', '--oplogSize', '64'] : []),
    ],
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
  const folder = newFolder('foyer-test-')
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
    if (signal === 'SIGSTOP') await until(async () => stateOf(child.pid).startsWith('T'))
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

/** As `ps` tells it: `T` is stopped, which every thread of a process is a moment after the signal. */
function stateOf(pid = 0): string {
  return execFileSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' }).trim()
}

const START_TIME = 20_000

async function askMongo<T>(
  port: number,
  ask: (admin: Db) => Promise<T>,
  limit = START_TIME,
): Promise<T> {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: limit,
  })
  try {
    await client.connect()
    return await ask(client.db('admin'))
  } finally {
    await client.close()
  }
}

/** Elections in a second, where the usual ten would be waited for. */
async function initiate(admin: Db, ports: readonly number[]): Promise<void> {
  const members = ports.map((port, _id) => ({ _id, host: `127.0.0.1:${port}` }))
  const settings = { electionTimeoutMillis: 1000, heartbeatIntervalMillis: 200 }
  const config = { _id: 'rs0', members, settings }
  await admin.command({ replSetInitiate: config }).catch(() => {}) // a restart has it
}

const isPrimary = async (admin: Db): Promise<boolean> =>
  (await admin.command({ hello: 1 })).isWritablePrimary === true

/** Of a set of which this member is the first to be asked, some member. */
async function untilPrimary(admin: Db): Promise<void> {
  await until(async () => (await admin.command({ hello: 1 })).primary !== undefined)
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

/**
 * Below those that systems give to outgoing connections, of which the tests make many: one of them could take
 * a port between here and where it is listened on. Above the ones that browsers refuse.
 */
const PORTS = { from: 12_000, to: 32_000 }

/** A port of this machine's own address on which nothing listens. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.from, PORTS.to)
    const server = createServer()
    try {
      await once(server.listen(port, '127.0.0.1'), 'listening')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error // what listening fails with
      continue
    }
    server.close()
    await once(server, 'close')
    return port
  }
}
