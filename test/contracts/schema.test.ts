// What a program finds when it starts on a store: the schema's number, and whether it may begin at all.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createMongoDocuments } from '../../adapters/mongo/documents.ts'
import type { Documents } from '../../src/stores/documents.ts'
import { checkSchema, SCHEMA_VERSION, schemaCollection } from '../../src/stores/schema.ts'
import { newFolder } from '../support/folder.ts'
import { runProgram } from '../support/program.ts'
import { startOwnMongo } from '../support/services/processes.ts'
import { describeWithServices, mongoForTest } from '../support/services/shared.ts'

const folder = newFolder('foyer-schema-')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const embedded = (dataDir: string): Documents =>
  createEmbeddedDocuments({ file: join(dataDir, 'documents.db'), clock: Date })

const newer = new RegExp(`schema ${SCHEMA_VERSION + 1};.*Start the newer program`)

/** As if a newer program had been here. */
async function raise(documents: Documents): Promise<void> {
  await documents
    .collection(schemaCollection)
    .updateOne({ _id: 'schema' }, { $set: { version: SCHEMA_VERSION + 1 } }, { upsert: true })
}

function schemaCases(open: () => Promise<Documents>): void {
  it('is written into an empty store, once, by however many start at the same time', async () => {
    const documents = await open()
    try {
      const found = await Promise.all(Array.from({ length: 20 }, () => checkSchema(documents)))
      expect(new Set(found)).toEqual(new Set([SCHEMA_VERSION]))
      expect(await documents.collection(schemaCollection).find({}, { limit: 2 })).toEqual([
        { _id: 'schema', version: SCHEMA_VERSION },
      ])
    } finally {
      await documents.close()
    }
  })

  it('that is newer than the program stops it, and is left as it was', async () => {
    const documents = await open()
    try {
      await raise(documents)
      await expect(checkSchema(documents)).rejects.toMatchObject({
        detail: expect.stringMatching(newer),
      })
      expect(await documents.collection(schemaCollection).findOne({ _id: 'schema' })).toEqual({
        _id: 'schema',
        version: SCHEMA_VERSION + 1,
      })
    } finally {
      await documents.close()
    }
  })
}

describe('the schema’s number on the embedded store', () =>
  schemaCases(async () => embedded(folder)))

describeWithServices('the schema’s number on MongoDB', () => {
  const database = mongoForTest()
  afterAll(() => database.drop())
  schemaCases(() => createMongoDocuments({ uri: database.uri }))

  it('ends the command line in one line too', async () => {
    const documents = await createMongoDocuments({ uri: database.uri })
    await raise(documents)
    await documents.close()
    const env = { MONGODB_URI: database.uri, DATA_DIR: folder }
    const ended = await runProgram('src/command-line/main.ts', { args: ['clients', 'list'], env })
    expect(ended).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(newer) })
  })
})

/** A start that must fail, and say why in one line. */
async function refusal(env: { [name: string]: string }): Promise<string> {
  const { code, stdout, stderr } = await runProgram('src/main.ts', {
    env: {
      PORT: '0',
      BASE_URL: 'http://localhost:1',
      LOG_LEVEL: 'error',
      DATA_DIR: folder,
      ...env,
    },
  })
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^[^\n]+\n$/)
  return stderr
}

describe('a start', () => {
  it('of an older program on newer data is refused in one line', async () => {
    const dataDir = join(folder, 'newer')
    const documents = embedded(dataDir)
    await raise(documents)
    await documents.close()
    expect(await refusal({ DATA_DIR: dataDir })).toMatch(newer)
  })

  it('on a file that is no database is refused in one line', async () => {
    const dataDir = mkdtempSync(join(folder, 'text-'))
    writeFileSync(join(dataDir, 'documents.db'), 'this is no database, however long. '.repeat(99))
    expect(await refusal({ DATA_DIR: dataDir })).toMatch(/embedded store.*not a database/)
  })

  it('on a store that is away is refused in one line', async () => {
    const env = { DATA_DIR: join(folder, 'away'), REDIS_URL: 'redis://127.0.0.1:1' }
    expect(await refusal(env)).toMatch(/Redis is unavailable/)
  })
})

describeWithServices('a start on a MongoDB that is no replica set', () => {
  it('is refused in one line that says what to do', async () => {
    const mongo = await startOwnMongo({ standalone: true })
    try {
      expect(await refusal({ MONGODB_URI: mongo.uri })).toMatch(/standalone.*--replSet/)
    } finally {
      await mongo.stop()
    }
  })
})
