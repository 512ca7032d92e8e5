// Measures this server and the bare engine in one run: rounds take turns, so that a busy machine is fair to all.

import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { freePort, startOwnMongo, startOwnRedis } from '../test/support/services/processes.ts'
import { createLoad, type Load, type Operation, operations, profile, runAll } from './operations.ts'
import { type Figures, figuresOf, names, print, type Round } from './report.ts'
import { startTarget, type TargetPlan } from './target.ts'

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } },
})
const ROUNDS = options.quick ? 3 : 5
/** Not counted: the compiler has seen everything by then. */
const WARM_ROUNDS = options.quick ? 2 : 4

/** How many RS256 signatures one CPU second is worth here: what every ratio may be read against. */
function anchor(): number {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const count = 600
  const before = process.cpuUsage()
  for (let index = 0; index < count; index += 1) sign('sha256', Buffer.alloc(300), privateKey)
  const { user, system } = process.cpuUsage(before)
  return (count * 1_000_000) / (user + system)
}

async function measure(load: Load, operation: Operation): Promise<Round> {
  const work = await operation.prepare(load, operation.count)
  const cpuBefore = await load.target.cpu()
  const began = performance.now()
  await runAll(work)
  const seconds = (performance.now() - began) / 1000
  const cpu = (await load.target.cpu()) - cpuBefore
  return { cpuPerOperation: cpu / work.length, perSecond: work.length / seconds }
}

async function compare(all: readonly Load[], operation: Operation): Promise<Figures[]> {
  const loads = all.filter(({ target }) => operation.isPossible?.(target) ?? true)
  const rounds = new Map(loads.map((load) => [load, [] as Round[]]))
  for (let round = 0; round < WARM_ROUNDS; round += 1)
    for (const load of loads) await measure(load, operation)
  for (let round = 0; round < ROUNDS; round += 1)
    for (const load of loads) rounds.get(load)?.push(await measure(load, operation))
  return [...rounds].map(([load, each]) => figuresOf(operation.name, load.target.name, each))
}

const folder = mkdtempSync(join(tmpdir(), 'foyer-bench-'))
const [mongo, redis] = await Promise.all([startOwnMongo(), startOwnRedis()])
const databaseOf = (name: string): string => mongo.uri.replace('/?', `/${name}?`)

async function planOf(name: string, file: string, env: TargetPlan['env']): Promise<TargetPlan> {
  const port = await freePort()
  return { name, file, env: { PORT: String(port), LOG_LEVEL: 'warn', TRUST_PROXY: '1', ...env } }
}

const plans = [
  await planOf(names.embedded, 'foyer.ts', { DATA_DIR: join(folder, 'foyer') }),
  await planOf(names.services, 'foyer.ts', {
    DATA_DIR: join(folder, 'services'),
    MONGODB_URI: databaseOf('foyer'),
    REDIS_URL: redis.uri,
  }),
  await planOf(names.bareMap, 'bare-engine.ts', {}),
  await planOf(names.bareMongo, 'bare-engine.ts', { BENCH_MONGODB_URI: databaseOf('bare') }),
  await planOf(names.koaEmbedded, 'koa.ts', { DATA_DIR: join(folder, 'koa') }),
  await planOf(names.koaMongo, 'koa.ts', { MONGODB_URI: databaseOf('koa') }),
]

const loads: Load[] = []
try {
  for (const plan of plans) loads.push(createLoad(await startTarget(plan)))
  const engines = loads.filter(({ target }) => !target.name.startsWith('Koa'))
  const apis = loads.filter(({ target }) => !target.name.startsWith('bare'))
  const figures: Figures[] = []
  for (const operation of operations) figures.push(...(await compare(engines, operation)))
  figures.push(...(await compare(apis, profile)))
  const signatures = anchor()
  process.stdout.write(print(figures, signatures))
  if (options.json) writeFileSync(options.json, JSON.stringify({ signatures, figures }, null, 2))
} finally {
  for (const load of loads) {
    await load.close()
    await load.target.stop()
  }
  await Promise.all([mongo.stop(), redis.stop()])
  rmSync(folder, { recursive: true, force: true })
}
