// What stands before a code is looked at: whose guesses count where, and what is given back when they need not.

import { afterAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import { createEmbeddedEphemeral } from '../../adapters/embedded/ephemeral.ts'
import { createGuessBudgets } from '../../src/services/identity/limits/guess-budget.ts'
import {
  type Admission,
  type AdmittedGuess,
  createGuessLimits,
} from '../../src/services/identity/limits/guess-limits.ts'
import { resolveSignInSettings } from '../../src/services/identity/limits/settings.ts'
import { createTarpit } from '../../src/services/identity/limits/tarpit.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/shared/clock.ts'
import { createKeyring } from '../../src/shared/secrets.ts'
import { createGuessBudgetStore } from '../../src/stores/guess-budgets.ts'
import { recordingLog } from '../support/recording-log.ts'

const clock = { at: 1_800_000_000_000, now: () => clock.at }
const documents = createEmbeddedDocuments({ file: ':memory:', clock })
const ephemeral = createEmbeddedEphemeral({ file: ':memory:', clock })
afterAll(() => Promise.all([documents.close(), ephemeral.close()]))
const keyring = createKeyring(['a-secret-of-the-tests-that-is-long-enough'])
const log = recordingLog()
const told: string[] = []
/** For how long requests were held. */
const held: number[] = []
let isEnding = false
const budgets = createGuessBudgets({ store: createGuessBudgetStore(documents), keyring, clock })
const tarpit = createTarpit({
  ephemeral,
  clock,
  async hold(milliseconds) {
    held.push(milliseconds)
    if (isEnding) throw new Error('the process ends')
  },
})
const limits = createGuessLimits({
  ephemeral,
  budgets,
  tarpit,
  keyring,
  clock,
  log,
  onLimit: async (organisation) => void told.push(organisation),
})
const settings = resolveSignInSettings()

let organisation = ''
let count = 0
beforeEach(() => {
  count += 1
  organisation = `org_${count}`
  isEnding = false
  for (const list of [held, told, log.errors]) list.length = 0
})

const fresh = (): string => {
  count += 1
  return `somebody-${count}@example.org`
}
const freshSource = (): string => {
  count += 1
  return `10.0.${count >> 8}.${count & 255}`
}

type Asked = { email?: string; source?: string; browser?: string; its?: typeof settings }

/** A guess at an address and from a source that nobody else has, unless told otherwise. */
const admit = ({ email = fresh(), source = freshSource(), browser, its = settings }: Asked) =>
  limits.admit({ owner: { organisation, email }, source, browser }, its)

function admitted(admission: Admission): AdmittedGuess {
  if (admission.outcome !== 'admitted') throw new Error(`it is ${admission.outcome}`)
  return admission.guess
}

/** Wrong codes, one after another, each when the one before has been waited for. */
async function miss(times: number, asked: Asked = {}): Promise<void> {
  for (let at = 0; at < times; at += 1) {
    admitted(await admit(asked)).isOver()
    clock.at += 10 * SECOND
  }
}
async function hit(times: number, asked: Asked = {}): Promise<void> {
  for (let at = 0; at < times; at += 1) {
    const guess = admitted(await admit(asked))
    await guess.wasRight()
    guess.isOver()
  }
}

describe('a source', () => {
  it('waits a second from its sixth wrong code on, whatever the address, and for ten minutes', async () => {
    const source = freshSource()
    await miss(5, { source })
    expect(held).toEqual([])
    await miss(1, { source })
    expect(held).toEqual([SECOND])
    await miss(1)
    clock.at += 10 * MINUTE
    await miss(5, { source })
    expect(held).toEqual([SECOND])
  })

  it('does not wait for right codes, however many, one after another or at once', async () => {
    const source = freshSource()
    await hit(40, { source })
    const atOnce = await Promise.all(Array.from({ length: 30 }, () => admit({ source })))
    expect(held).toEqual([])
    for (const each of atOnce) {
      await admitted(each).wasRight()
      admitted(each).isOver()
    }
    await miss(5, { source })
    expect(held).toEqual([])
    await miss(1, { source })
    expect(held).toEqual([SECOND])
  })

  it('has no more than thirty codes under way that are taken for right ones', async () => {
    const source = freshSource()
    await Promise.all(Array.from({ length: 35 }, () => admit({ source })))
    expect(held).toEqual([])
    await admit({ source })
    expect(held).toEqual([SECOND])
  })

  it('has missed where there was no code to look at', async () => {
    const source = freshSource()
    for (let at = 0; at < 5; at += 1) {
      const guess = admitted(await admit({ source }))
      await guess.wasIdle()
      guess.isOver()
    }
    await miss(1, { source })
    expect(held).toEqual([SECOND])
  })

  it('has missed where the address was locked', async () => {
    const [email, source] = [fresh(), freshSource()]
    for (let at = 0; at < 20; at += 1) await budgets.take({ organisation, email }, settings)
    for (let at = 0; at < 5; at += 1) {
      expect(await admit({ email, source })).toEqual({ outcome: 'refused' })
      clock.at += 10 * SECOND
    }
    held.length = 0
    await miss(1, { source })
    expect(held).toEqual([SECOND])
  })

  it('has nothing under way any more when its wait failed', async () => {
    const source = freshSource()
    await miss(9, { source })
    isEnding = true
    await expect(admit({ source })).rejects.toThrow('the process ends')
    isEnding = false
    clock.at += 10 * SECOND
    await miss(1, { source })
    expect(held.at(-1)).toBe(2 * SECOND)
  })
})

describe('an address', () => {
  it('waits for its wrong codes, whatever the source, and is refused as slowly when they are spent', async () => {
    const email = fresh()
    await miss(20, { email })
    expect(held).toEqual([1, 2, 3].flatMap((step) => Array(5).fill(step * SECOND)))
    expect(await admit({ email })).toEqual({ outcome: 'refused' })
    expect(held.at(-1)).toBe(4 * SECOND)
  })

  it('is told by its last guess until when a wrong one locks it, and is free again when it was right', async () => {
    const email = fresh()
    await miss(19, { email })
    expect(admitted(await admit({ email: fresh() }))).not.toHaveProperty('locksUntil')
    const last = admitted(await admit({ email }))
    expect(last.locksUntil).toBe(clock.at + HOUR)
    await last.wasRight()
    expect(await budgets.isLocked({ organisation, email }, settings)).toBe(false)
  })

  it.each(['wasRight', 'wasIdle'] as const)('has its guess back that %s', async (came) => {
    const email = fresh()
    for (let at = 0; at < 25; at += 1) {
      const guess = admitted(await admit({ email }))
      await guess[came]()
      guess.isOver()
    }
    expect(held).toEqual([])
  })

  it('loses nothing by a guess that would have to wait too long, nor does its source or the organisation', async () => {
    const its = { ...settings, guessesPerHour: 19 }
    const [email, source] = [fresh(), freshSource()]
    await miss(5, { email, its })
    // Each waits behind those before it: the turn of an eighth would come after ten seconds.
    for (let at = 0; at < 7; at += 1) admitted(await admit({ email, its })).isOver()
    const farBack = { outcome: 'too-many-requests', retryAfter: 10 }
    for (let at = 0; at < 20; at += 1) expect(await admit({ email, source, its })).toEqual(farBack)
    clock.at += 20 * SECOND
    held.length = 0
    await miss(5, { source, its })
    expect(held).toEqual([])
    await miss(1, { source, its })
    await miss(1, { email, its })
    expect(held).toEqual([SECOND, 2 * SECOND]) // of five misses, and of twelve
    expect(await admit({ its })).toMatchObject({ outcome: 'too-many-requests' })
  })
})

describe('an organisation', () => {
  const its = { ...settings, guessesPerHour: 4, guessesPerDay: 6 }

  it('takes so many wrong codes an hour and a day, says when to come back, and is told once of each', async () => {
    const start = clock.at
    await miss(4, { its })
    expect(told).toEqual([])
    for (let at = 0; at < 3; at += 1)
      expect(await admit({ its })).toEqual({ outcome: 'too-many-requests', retryAfter: 3560 })
    const hourly = `the limit of wrong codes is reached {"organisation":"${organisation}","limit":4,"window":${HOUR}}`
    expect(log.errors).toEqual([hourly])
    clock.at = start + HOUR - 1
    expect(await admit({ its })).toEqual({ outcome: 'too-many-requests', retryAfter: 1 })
    clock.at += 1
    // What was refused in the first hour is not missing in the day.
    await miss(2, { its })
    for (let at = 0; at < 3; at += 1)
      expect(await admit({ its })).toEqual({ outcome: 'too-many-requests', retryAfter: 82_780 })
    expect(log.errors).toEqual([
      hourly,
      hourly.replace('"limit":4', '"limit":6').replace(`${HOUR}`, `${DAY}`),
    ])
    expect(told).toEqual([organisation, organisation])
    // Nor is what was refused of the day in the hour: two of its four were taken.
    await miss(2, { its: { ...its, guessesPerDay: 100 } })
  })

  it('loses none by right codes, by sign-ins without a code, nor by an address that is locked', async () => {
    await hit(10, { its })
    for (let at = 0; at < 10; at += 1) await admitted(await admit({ its })).wasIdle()
    const email = fresh()
    for (let at = 0; at < 20; at += 1) await budgets.take({ organisation, email }, settings)
    for (let at = 0; at < 10; at += 1) {
      expect(await admit({ email, its })).toEqual({ outcome: 'refused' })
      clock.at += 10 * SECOND
    }
    await miss(4, { its })
    expect(await admit({ its })).toMatchObject({ outcome: 'too-many-requests' })
  })
})

describe('a known browser', () => {
  it('neither waits nor counts for others, and is held up by none of them', async () => {
    const its = { ...settings, guessesPerHour: 4 }
    const asked = { email: fresh(), source: freshSource(), browser: 'phone', its }
    await miss(4, { its })
    expect(await admit({ its })).toMatchObject({ outcome: 'too-many-requests' })
    for (let at = 0; at < 25; at += 1) admitted(await admit(asked)).isOver()
    expect(held).toEqual([])
    expect(await admit(asked)).toEqual({ outcome: 'refused' })
    clock.at += HOUR
    await miss(4, { its, source: asked.source })
    expect(held).toEqual([])
  })

  it('has its guess back when that was right', async () => {
    const asked = { email: fresh(), browser: 'phone' }
    await hit(40, asked)
    for (let at = 0; at < 25; at += 1) admitted(await admit(asked)).isOver()
    await expect(hit(1, asked)).rejects.toThrow('refused')
  })
})
