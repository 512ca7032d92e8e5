// The engine's adapter on both pairs of stores, and its table of places against the engine's own models.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { MongoClient } from 'mongodb'
import type { Adapter } from 'oidc-provider'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createEmbeddedEphemeral } from '../../adapters/embedded/ephemeral.ts'
import { createMongoDocuments } from '../../adapters/mongo/documents.ts'
import { createEngineAdapter } from '../../adapters/oidc/adapter.ts'
import { createFormerCookies } from '../../adapters/oidc/former-cookies.ts'
import { documentModels, ephemeralModels, ownModels } from '../../adapters/oidc/placement.ts'
import { createRecent } from '../../adapters/oidc/recent.ts'
import { createRotationsUnderWay } from '../../adapters/oidc/refresh-tokens.ts'
import { createRedisEphemeral } from '../../adapters/redis/ephemeral.ts'
import { DAY } from '../../src/shared/clock.ts'
import { createKeyring } from '../../src/shared/secrets.ts'
import { newFolder } from '../support/folder.ts'
import { movableClock } from '../support/movable-clock.ts'
import { recordingLog } from '../support/recording-log.ts'
import { root } from '../support/repository.ts'
import {
  describeWithServices,
  mongoForTest,
  redisForTest,
  redisPasses,
} from '../support/services/shared.ts'
import { engineAdapterContract, noRegistration } from './engine-adapter.ts'

const keyring = createKeyring(['a secret'])

const folder = newFolder('foyer-engine-')
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const clock = movableClock()
const files = { documents: join(folder, 'documents.db'), ephemeral: join(folder, 'ephemeral.db') }

/** Every row of every table, as text. */
function dumpFile(file: string): string {
  const database = new DatabaseSync(file, { readOnly: true })
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  const rows = tables.map(({ name }) => database.prepare(`SELECT * FROM "${name}"`).all())
  database.close()
  return JSON.stringify(rows)
}

engineAdapterContract('the embedded store', {
  clock,
  open: async () => ({
    documents: createEmbeddedDocuments({ file: files.documents, clock }),
    ephemeral: createEmbeddedEphemeral({ file: files.ephemeral, clock }),
  }),
  pass: async (milliseconds) => clock.forward(milliseconds),
  dump: async () => dumpFile(files.documents) + dumpFile(files.ephemeral),
})

describeWithServices('MongoDB and Redis', () => {
  const database = mongoForTest()
  const server = redisForTest()
  afterAll(() => database.drop())

  async function dumpMongo(): Promise<string> {
    const client = new MongoClient(database.uri)
    const collections = await client.db().collections()
    const rows = await Promise.all(collections.map((each) => each.find().toArray()))
    await client.close()
    return JSON.stringify(rows)
  }

  async function dumpRedis(): Promise<string> {
    const redis = new Redis(server.url)
    const keys = await redis.keys(`${server.prefix}:*`)
    const values = await Promise.all(keys.map((key) => redis.get(key)))
    redis.disconnect()
    return JSON.stringify([keys, values])
  }

  engineAdapterContract('MongoDB and Redis', {
    clock,
    open: async () => ({
      documents: await createMongoDocuments({ uri: database.uri }),
      ephemeral: await createRedisEphemeral({ ...server, log: recordingLog() }),
    }),
    pass: (milliseconds) => redisPasses(server.url, milliseconds),
    dump: async () => (await dumpMongo()) + (await dumpRedis()),
  })
})

/** Makers of the engine's models: it exports no other list of them. */
const makers: object = await import(join(root, 'node_modules/oidc-provider/lib/models/index.js'))
const engineModels = Object.keys(makers).map((maker) => maker.replace(/^get/, ''))
/** Of these nothing is stored. */
const abstract = ['BaseModel', 'BaseToken', 'IdToken']

describe('the engine’s models', () => {
  const placed = [...ownModels, ...Object.keys(documentModels), ...Object.keys(ephemeralModels)]
  /** Their features are off, see `src/provider/options.ts`. */
  const unused = ['BackchannelAuthenticationRequest', 'DeviceCode', 'PreAuthorizedCode']
  const open = () => {
    const documents = createEmbeddedDocuments({ file: files.documents, clock })
    const ephemeral = createEmbeddedEphemeral({ file: files.ephemeral, clock })
    const recent = createRecent({ ephemeral, clock })
    const adapter = createEngineAdapter({
      underWay: createRotationsUnderWay(),
      formerCookies: createFormerCookies({
        ephemeral,
        keyring,
        life: 1,
      }),
      sessionIdle: DAY,
      sessionRequest: () => undefined,
      onGrantEnded: async () => {},
      organisation: 'org',
      documents,
      ephemeral,
      clock,
      recent,
      findClient: async () => undefined,
      registration: noRegistration,
      placeholderSecret: () => '',
      keyring,
    })
    const close = () => Promise.all([documents.close(), ephemeral.close()])
    return { adapter: (model: string) => Reflect.apply(adapter, undefined, [model]), close }
  }

  it('have a place each, but for those of features that are off', () => {
    expect(engineModels.sort()).toEqual([...abstract, ...placed, ...unused].sort())
  })

  it.each(unused)('without a place are refused at once: %s', async (model) => {
    const { adapter, close } = open()
    expect(() => adapter(model)).toThrow('has no place')
    await close()
  })

  const forOtherModels: [string, ...(keyof Adapter)[]][] = [
    ['Session', 'consume', 'revokeByGrantId', 'findByUserCode'],
    ['Grant', 'consume', 'findByUid', 'findByUserCode'],
    ['RefreshToken', 'findByUid', 'findByUserCode'],
    ...Object.keys(ephemeralModels).map((model): [string, ...(keyof Adapter)[]] => [
      model,
      'findByUid',
      'findByUserCode',
    ]),
    ['Client', 'consume', 'revokeByGrantId', 'findByUid', 'findByUserCode'],
    ['InitialAccessToken', 'upsert', 'destroy', 'consume', 'revokeByGrantId', 'findByUid'],
    ['RegistrationAccessToken', 'consume', 'revokeByGrantId', 'findByUid', 'findByUserCode'],
  ]
  it.each(forOtherModels)('refuse what is for others: %s', async (model, ...methods) => {
    const { adapter, close } = open()
    for (const method of methods)
      await expect(Reflect.apply(adapter(model)[method], undefined, [])).rejects.toThrow(TypeError)
    await close()
  })

  it('on stores that are away answer temporarily_unavailable with 503', async () => {
    const { adapter, close } = open()
    const [grant, code] = [adapter('Grant'), adapter('AuthorizationCode')]
    await close()
    for (const model of [grant, code])
      await expect(model.find('x')).rejects.toMatchObject({
        error: 'temporarily_unavailable',
        statusCode: 503,
        allow_redirect: false,
      })
  })
})
