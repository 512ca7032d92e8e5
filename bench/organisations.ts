// Many organisations in one process: what each costs in memory, and whether the last is as fast as the first.

import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { compose } from '../src/compose.ts'
import { readConfig } from '../src/config.ts'
import { sealKey } from '../src/services/identity/keys/key-material.ts'
import { createKeyring, type Keyring } from '../src/shared/secrets.ts'
import { createSigningKeyStore, type SigningAlgorithm } from '../src/stores/signing-keys.ts'
import { freePort } from '../test/support/services/processes.ts'
import { createLoad, type Load, runAll } from './load.ts'
import { median, type OrganisationsFigures } from './report.ts'
import { startTarget, type Target } from './target.ts'

type Planted = { slug: string; client: string; secret: string }

const SECRET = 'the-organisations-of-a-measurement-and-nothing-else'
/** How many organisations an early or a late latency is taken of, where there are three times as many. */
const SAMPLE = 200
const AGAIN = 300
const MIB = 2 ** 20

/** `folder` is for the stores, and is left to whoever gave it. */
export async function measureOrganisations(
  count: number,
  folder: string,
): Promise<OrganisationsFigures> {
  const dataDir = join(folder, 'organisations')
  const planted = await plant(count, dataDir)
  const empty = await withServer(join(folder, 'empty'), async (load) => {
    await askDefault(load)
    return memoryOf(load.target)
  })
  return withServer(dataDir, async (load) => {
    await askDefault(load)
    const before = await load.target.cpu()
    const touches: number[] = []
    for (const each of planted) touches.push(await timed(() => ask(load, each)))
    const cpu = (await load.target.cpu()) - before
    const full = await memoryOf(load.target)
    const sample = Math.min(SAMPLE, Math.floor(count / 3))
    return {
      organisations: count,
      empty,
      full,
      firstTouch: cpu / count,
      // The very first ones run code that was never run before.
      firstTouchEarly: median(touches.slice(sample, 2 * sample)),
      firstTouchLate: median(touches.slice(-sample)),
      ...(await again(load, planted)),
    }
  })
}

async function again(load: Load, planted: readonly Planted[]) {
  const [first, last] = [planted.at(0), planted.at(-1)]
  if (!first || !last) throw new RangeError('no organisations')
  const times: { first: number[]; last: number[] } = { first: [], last: [] }
  for (let turn = 0; turn < AGAIN; turn += 1) {
    times.first.push(await timed(() => ask(load, first)))
    times.last.push(await timed(() => ask(load, last)))
  }
  // The first turn builds an engine that was dropped.
  return { first: median(times.first.slice(1)), last: median(times.last.slice(1)) }
}

/**
 * Organisations as the command line makes them, each with a client for client credentials. Their signing
 * keys are a few under many names: to make ten thousand of them takes eleven minutes, and proves nothing.
 */
async function plant(count: number, dataDir: string): Promise<Planted[]> {
  const config = readConfig({ DATA_DIR: dataDir, SECRET, LOG_LEVEL: 'warn' })
  const server = await compose(config)
  const plantKeys = createPlanting(
    createSigningKeyStore(server.documents),
    createKeyring(config.secrets),
  )
  const planted: Planted[] = []
  try {
    for (let index = 0; index < count; index += 1) {
      const slug = `business-${index}`
      const { _id: organisation } = await server.organisations.create({ slug, name: slug })
      const { client, secret = '' } = await server.clients.create({
        organisation,
        kind: 'machine',
        name: 'Machine',
        redirectUris: [],
      })
      await plantKeys(organisation)
      planted.push({ slug, client: client._id, secret })
    }
    return planted
  } finally {
    await server.close()
  }
}

const KEY_PAIRS = 8

function createPlanting(store: ReturnType<typeof createSigningKeyStore>, keyring: Keyring) {
  const pairs = {
    RS256: Array.from({ length: KEY_PAIRS }, () =>
      generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }),
    ),
    ES256: Array.from({ length: KEY_PAIRS }, () =>
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }),
    ),
  }
  let turn = 0
  return async (organisation: string): Promise<void> => {
    turn += 1
    for (const alg of ['RS256', 'ES256'] as const satisfies SigningAlgorithm[]) {
      const kid = randomUUID()
      const jwk = { ...pairs[alg][turn % KEY_PAIRS], kid, alg, use: 'sig' as const } as Parameters<
        typeof sealKey
      >[2] // a key pair's JWK has its `kty`
      const now = Date.now()
      await store.insert({
        _id: kid,
        organisation,
        alg,
        generation: 1,
        ...sealKey(keyring, organisation, jwk),
        createdAt: now,
        activeFrom: now,
      })
    }
  }
}

async function withServer<T>(dataDir: string, work: (load: Load) => Promise<T>): Promise<T> {
  const BASE_URL = `http://127.0.0.1:${await freePort()}`
  const env = { DATA_DIR: dataDir, SECRET, BASE_URL, LOG_LEVEL: 'warn' }
  const target = await startTarget({ name: 'organisations', file: 'foyer.ts', env })
  const load = createLoad(target)
  try {
    return await work(load)
  } finally {
    await load.close()
    await target.stop()
  }
}

/** The default organisation, until the compiler has seen what is asked. */
async function askDefault(load: Load): Promise<void> {
  const { id: client, secret } = load.target.machine
  await runAll(Array.from({ length: AGAIN }, () => () => ask(load, { slug: '', client, secret })))
}

/** Discovery, and a token. */
async function ask(load: Load, { slug, client, secret }: Planted): Promise<void> {
  const issuer = slug && `/o/${slug}`
  const discovery = await load.request(`${issuer}/.well-known/openid-configuration`)
  const token = await load.request(`${issuer}/oauth/token`, {
    body: { grant_type: 'client_credentials' },
    headers: { authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}` },
  })
  if (discovery.status !== 200 || token.status !== 200)
    throw new Error(`${slug} answered ${discovery.status}, ${token.status}: ${token.text}`)
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

async function memoryOf(target: Target): Promise<number> {
  return (await target.memory()) / MIB
}
