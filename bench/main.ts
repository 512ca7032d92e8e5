// Measures this server and the bare engine in one run: rounds take turns, so that a busy machine is fair to all.

import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect, parseArgs } from 'node:util'
import { freePort } from '../test/support/services/processes.ts'
import { measureDenyList } from './deny-list.ts'
import { sampleLine, soakGoals } from './drift.ts'
import { measureLists } from './lists.ts'
import { createLoad, type Load, runAll } from './load.ts'
import { type Operation, operations } from './operations.ts'
import { measureOrganisations } from './organisations.ts'
import {
  type Figures,
  figuresOf,
  type Goal,
  goalsOf,
  isReached,
  median,
  names,
  print,
  type Round,
} from './report.ts'
import { type Services, startServices } from './services.ts'
import { type Sample, soak } from './soak.ts'
import { measureStreams } from './streams.ts'
import { startTarget } from './target.ts'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    minutes: { type: 'string', default: '5' },
    json: { type: 'string' },
  },
})
const ROUNDS = options.quick ? 3 : 5
/** Not counted: the compiler has seen everything by then, and every customer has signed in once. */
const WARM_ROUNDS = options.quick ? 2 : 7
/** Of the operations of a round. */
const SHARE = options.quick ? 0.5 : 1
const COUNTED_TRIPS = 20
const ORGANISATIONS = options.quick ? 1000 : 10_000
const STREAMS = options.quick ? 1000 : 5000

function isAsked(name: string): boolean {
  return options.only === undefined || options.only === name
}

/** How many RS256 signatures one CPU second is worth here and now: what every figure may be read against. */
function anchor(): number {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const count = 300
  const before = process.cpuUsage()
  for (let index = 0; index < count; index += 1) sign('sha256', Buffer.alloc(300), privateKey)
  const { user, system } = process.cpuUsage(before)
  return (count * 1_000_000) / (user + system)
}

async function measure(load: Load, { prepare, count }: Operation): Promise<Round> {
  const work = await prepare(load, count * SHARE)
  const cpuBefore = await load.target.cpu()
  const began = performance.now()
  await runAll(work)
  const seconds = (performance.now() - began) / 1000
  const cpu = (await load.target.cpu()) - cpuBefore
  return { cpuPerOperation: cpu / work.length, perSecond: work.length / seconds }
}

async function compare(
  loads: readonly Load[],
  operation: Operation,
): Promise<Map<Load, readonly Round[]>> {
  const rounds = new Map(loads.map((load) => [load, [] as Round[]]))
  for (let round = 0; round < WARM_ROUNDS; round += 1)
    for (const load of loads) await measure(load, operation)
  for (let round = 0; round < ROUNDS; round += 1)
    for (const load of loads) rounds.get(load)?.push(await measure(load, operation))
  return rounds
}

/** Commands to MongoDB for one operation; nothing for a target that has none. */
async function tripsOf(services: Services, load: Load, operation: Operation) {
  if (!(load.target.name in databases)) return {}
  const work = await operation.prepare(load, COUNTED_TRIPS)
  const trips = await services.countTrips(() => runAll(work))
  return { trips: trips / work.length }
}

/** The targets on MongoDB, and the name of their database. */
const databases: { readonly [target: string]: string } = {
  [names.services]: 'foyer',
  [names.bareMongo]: 'bare',
  [names.koaMongo]: 'foyer',
}

async function startLoads(services: Services, folder: string): Promise<Load[]> {
  const mongo = (target: string) => services.mongodbUri(databases[target] ?? '')
  const plans: [name: string, file: string, env: { [name: string]: string }][] = [
    [names.embedded, 'foyer.ts', { DATA_DIR: join(folder, 'foyer') }],
    [
      names.services,
      'foyer.ts',
      {
        DATA_DIR: join(folder, 'services'),
        MONGODB_URI: mongo(names.services),
        REDIS_URL: services.redisUrl,
      },
    ],
    [names.bareMap, 'bare-engine.ts', {}],
    [names.bareMongo, 'bare-engine.ts', { MONGODB_URI: mongo(names.bareMongo) }],
    [names.koaEmbedded, 'koa.ts', { DATA_DIR: join(folder, 'foyer') }],
    [names.koaMongo, 'koa.ts', { MONGODB_URI: mongo(names.services) }],
  ]
  const loads: Load[] = []
  for (const [name, file, env] of plans) {
    const BASE_URL = `http://127.0.0.1:${await freePort()}`
    const target = await startTarget({ name, file, env: { ...env, BASE_URL, LOG_LEVEL: 'warn' } })
    loads.push(createLoad(target))
  }
  return loads
}

/** On both kinds of stores: a part of the time on the embedded one, which is for development. */
async function soakOn(services: Services, folder: string): Promise<Goal[]> {
  const minutes = Number(options.minutes)
  const onSample = (sample: Sample) => process.stdout.write(sampleLine(sample))
  const onFailure = (error: Error) => process.stderr.write(`${inspect(error)}\n`)
  const BASE_URL = `http://127.0.0.1:${await freePort()}`
  const env = { BASE_URL, DATA_DIR: join(folder, 'soak') }
  const stores = { MONGODB_URI: services.mongodbUri('soak'), REDIS_URL: services.redisUrl }
  const common = { onSample, onFailure, minutes }
  return [
    await soak({ ...common, name: 'MongoDB and Redis', env: { ...env, ...stores }, services }),
    await soak({ ...common, name: 'embedded', env, minutes: Math.max(1, minutes / 6) }),
  ].flatMap(soakGoals)
}

/** As long as the goals say, on both kinds of stores. */
async function listsOn(services: Services, folder: string) {
  const sizes = options.quick
    ? { customers: 5000, clients: 1000 }
    : { customers: 100_000, clients: 10_000 }
  const stores = {
    MONGODB_URI: services.mongodbUri('lists'),
    REDIS_URL: services.redisUrl,
  }
  return [
    ...(await measureLists({ name: 'embedded', folder, sizes, env: {} })),
    ...(await measureLists({ name: 'MongoDB', folder, sizes, env: stores })),
  ]
}

const folder = mkdtempSync(join(tmpdir(), 'foyer-bench-'))
const services = await startServices()
const asked = operations.filter(({ name }) => isAsked(name))
const loads = asked.length > 0 ? await startLoads(services, folder) : []
try {
  const figures: Figures[] = []
  const signatures: number[] = []
  for (const operation of asked) {
    const those = loads.filter(({ target }) => operation.targets.includes(target.kind))
    signatures.push(anchor())
    for (const [load, rounds] of await compare(those, operation))
      figures.push({
        ...figuresOf(operation.name, load.target.name, rounds),
        ...(await tripsOf(services, load, operation)),
      })
  }
  const signing = median(signatures)
  const measured = goalsOf({
    figures,
    denyList: isAsked('deny-list') ? await measureDenyList() : [],
    ...(isAsked('organisations') && {
      organisations: await measureOrganisations(ORGANISATIONS, folder),
    }),
    ...(isAsked('lists') && { lists: await listsOn(services, folder) }),
    ...(isAsked('streams') && { streams: await measureStreams(STREAMS, folder) }),
  })
  // It takes its time: only when it is asked for by its name.
  const soaked = options.only === 'soak' ? await soakOn(services, folder) : []
  const goals = [...measured, ...soaked]
  process.stdout.write(print(figures, goals, signing))
  const verdicts = goals.map((goal) => ({ ...goal, isReached: isReached(goal) }))
  const all = { signaturesPerCpuSecond: signing, figures, goals: verdicts }
  if (options.json) writeFileSync(options.json, `${JSON.stringify(all, null, 2)}\n`)
} finally {
  for (const load of loads) {
    await load.close()
    await load.target.stop()
  }
  await services.stop()
  rmSync(folder, { recursive: true, force: true })
}
