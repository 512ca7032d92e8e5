// An attacker who tries everything, as chance decides and for weeks: no address ever sees more guesses than the stated bound.

import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Redis } from 'ioredis'
import { openDocuments, openEphemeral } from '../../src/compose/stores.ts'
import { guessBound } from '../../src/services/identity/limits/guess-bound.ts'
import { resolveSignInSettings } from '../../src/services/identity/limits/settings.ts'
import type { Random } from '../../src/shared/secrets.ts'
import type { Documents } from '../../src/stores/documents.ts'
import type { Ephemeral } from '../../src/stores/ephemeral.ts'
import { type Attack, forgedCookies, prove, walk } from '../support/attacker.ts'
import { drawing } from '../support/drawing.ts'
import { newFolder } from '../support/folder.ts'
import {
  createGuessedSignIn,
  mostInADay,
  type StoppedClock,
  stoppedClock,
} from '../support/guessed-sign-in.ts'
import { recordingLog } from '../support/recording-log.ts'
import { type OwnServer, startOwnRedis } from '../support/services/processes.ts'
import { describeWithServices, mongoForTest } from '../support/services/shared.ts'
import { roomyLimits } from '../support/sign-in-pages.ts'

const bound = guessBound(resolveSignInSettings())
const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31)
const BROWSERS = 4

type Stores = {
  documents: Documents
  ephemeral: Ephemeral
  clock: StoppedClock
  settings?: { [setting: string]: number }
  flush(): Promise<void>
}

let attacks = 0

async function attackOn({ flush, ...stores }: Stores): Promise<Attack> {
  attacks += 1
  const draw = drawing(seed + attacks)
  const random: Random = {
    token: (bytes) =>
      Buffer.from(Array.from({ length: bytes }, () => draw() * 256)).toString('base64url'),
    below: (limit) => Math.floor(draw() * limit),
  }
  return {
    world: await createGuessedSignIn({ ...stores, random }),
    victims: ['ann', 'bob', 'cyd'].map((name) => `${name}-${attacks}@example.org`),
    draw,
    open: [],
    cookies: [undefined, ...forgedCookies],
    flush,
  }
}

/** The attacker got no further, but so far that it could have been further. */
function expectWithin({ world: { looks } }: Attack, most: number): void {
  expect({ seed, isOver: mostInADay(looks) > most }).toEqual({ seed, isOver: false })
  expect(mostInADay(looks)).toBeGreaterThanOrEqual(bound.budget)
  expect(looks.length).toBeGreaterThan(5 * most)
}

function describeAttacks(steps: number, stores: () => Stores): void {
  it('gets no more guesses at an address in a day than are stated for strangers', async () => {
    const attack = await attackOn(stores())
    attack.cookies.push(await prove(attack, `mallory-${attacks}@example.com`))
    expect(attack.cookies.at(-1)).toMatch(/^[\w-]{22}\./)
    await walk(attack, steps)
    expectWithin(attack, bound.budget + bound.afterLocks)
  })

  it('gets no more than the whole bound with the cookies of many browsers of the victims', async () => {
    const attack = await attackOn(stores())
    for (const victim of attack.victims)
      for (let browser = 0; browser < BROWSERS; browser += 1)
        attack.cookies.push(await prove(attack, victim))
    expect(new Set(attack.cookies).size).toBe(3 + 3 * BROWSERS)
    await walk(attack, steps)
    expectWithin(attack, bound.guesses)
  })
}

describe('an attacker, on the embedded stores', () => {
  const dataDir = newFolder('foyer-attack-')
  const clock = stoppedClock()
  let documents: Documents
  let ephemeral: Ephemeral

  beforeAll(async () => {
    documents = await openDocuments({ dataDir }, clock)
    ephemeral = await openEphemeral({ dataDir }, { clock, log: recordingLog() })
  })
  afterAll(async () => {
    await Promise.all([documents.close(), ephemeral.close()])
    rmSync(dataDir, { recursive: true })
  })

  const flush = async (): Promise<void> => {}
  describeAttacks(3000, () => ({ documents, ephemeral, clock, flush }))

  it('is seen to get more where the budget forgets', async () => {
    const stores = { documents: forgetful(documents), ephemeral, clock, flush }
    const attack = await attackOn({ ...stores, settings: roomyLimits })
    await walk(attack, 1000)
    expect(mostInADay(attack.world.looks)).toBeGreaterThan(bound.guesses)
  })
})

describeWithServices(
  'D09: an attacker, on MongoDB and a Redis that is emptied again and again',
  () => {
    const mongo = mongoForTest()
    const clock = stoppedClock()
    let own: OwnServer
    let redis: Redis
    let documents: Documents
    let ephemeral: Ephemeral

    beforeAll(async () => {
      own = await startOwnRedis()
      redis = new Redis(own.uri)
      const config = { dataDir: '', mongodbUri: mongo.uri, redisUrl: own.uri }
      documents = await openDocuments(config, clock)
      ephemeral = await openEphemeral(config, { clock, log: recordingLog() })
    })
    afterAll(async () => {
      redis.disconnect()
      await Promise.all([documents.close(), ephemeral.close()])
      await Promise.all([own.stop(), mongo.drop()])
    })

    const flush = async (): Promise<void> => {
      await redis.flushall()
    }
    // Redis counts mails by its own time, which does not move with the clock.
    const settings = roomyLimits
    describeAttacks(600, () => ({ documents, ephemeral, clock, settings, flush }))
  },
)

/** A document store that has no guess budgets whenever one is taken from. */
function forgetful(documents: Documents): Documents {
  return {
    ...documents,
    collection(spec) {
      const collection = documents.collection<never>(spec)
      if (spec.name !== 'guess-budgets') return collection
      return {
        ...collection,
        async updateOne(...change) {
          await collection.deleteMany({})
          return collection.updateOne(...change)
        },
      }
    },
  }
}
