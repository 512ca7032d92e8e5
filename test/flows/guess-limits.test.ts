// What many requests meet: the tarpit, the limits of sources and organisations, and what none of them may wait for.

import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { openDocuments, openEphemeral } from '../../src/compose/stores.ts'
import { resolveSignInSettings } from '../../src/services/identity/limits/settings.ts'
import { DAY, HOUR, SECOND } from '../../src/shared/clock.ts'
import { systemRandom } from '../../src/shared/secrets.ts'
import { sourceOf } from '../../src/shared/source.ts'
import { accountsCollection } from '../../src/stores/accounts.ts'
import { auditCollection } from '../../src/stores/audit.ts'
import type { Documents } from '../../src/stores/documents.ts'
import type { Ephemeral } from '../../src/stores/ephemeral.ts'
import { newFolder } from '../support/folder.ts'
import {
  createGuessedSignIn,
  type GuessedSignIn,
  stoppedClock,
} from '../support/guessed-sign-in.ts'
import { recordingLog } from '../support/recording-log.ts'
import { roomyLimits, wrongCode } from '../support/sign-in-pages.ts'

const roomySends = { ...roomyLimits, tarpitAfter: 5 }
const dataDir = newFolder('foyer-limits-')
const clock = stoppedClock()
let documents: Documents
let ephemeral: Ephemeral
let count = 0

beforeAll(async () => {
  documents = await openDocuments({ dataDir }, clock)
  ephemeral = await openEphemeral({ dataDir }, { clock, log: recordingLog() })
})
afterAll(async () => {
  await Promise.all([documents.close(), ephemeral.close()])
  rmSync(dataDir, { recursive: true })
})

type Settings = { [setting: string]: number }

function world(
  settings: Settings = roomySends,
  hold?: (milliseconds: number) => Promise<void>,
): Promise<GuessedSignIn> {
  clock.forward(2 * DAY) // whatever stood in counters and budgets is over
  return createGuessedSignIn({
    documents,
    ephemeral,
    clock,
    random: systemRandom,
    settings,
    ...(hold && { hold }),
  })
}

const freshAddress = (): string => {
  count += 1
  return `limited-${count}@example.org`
}
const freshSource = (): string => {
  count += 1
  return `10.${count >> 16}.${(count >> 8) & 255}.${count & 255}`
}

/** Five wrong codes for the address, each from a source of its own. */
async function miss({ ask, type, newCode }: GuessedSignIn, email: string): Promise<void> {
  const asked = await ask(email, freshSource())
  const right = newCode(email) ?? '000000'
  for (let at = 0; at < 5; at += 1) await type(asked, wrongCode(right), freshSource())
}

describe('the tarpit', () => {
  it('holds an address a second longer after every five wrong codes, known or unknown', async () => {
    const held: number[] = []
    const hold = async (milliseconds: number): Promise<void> => {
      held.push(milliseconds)
      clock.forward(milliseconds)
    }
    const signIn = await world(roomySends, hold)
    const known = freshAddress()
    const asked = await signIn.ask(known, freshSource())
    await signIn.type(asked, signIn.newCode(known) ?? '', freshSource())
    for (const email of [known, freshAddress()]) {
      held.length = 0
      for (let round = 0; round < 4; round += 1) await miss(signIn, email)
      const steps = [1, 2, 3].flatMap((step) => Array.from({ length: 5 }, () => step * SECOND))
      expect(held).toEqual(steps)
    }
  })

  it('holds a source the same way, over all addresses, and for ten seconds at the most', async () => {
    const held: number[] = []
    const signIn = await world({ ...roomySends, guessesPerHour: 1000 }, async (milliseconds) => {
      held.push(milliseconds)
    })
    const source = freshSource()
    for (let misses = 0; misses < 70; misses += 1) {
      const email = freshAddress()
      const asked = await signIn.ask(email, freshSource())
      await signIn.type(asked, wrongCode(signIn.newCode(email) ?? ''), source)
      clock.forward(7 * SECOND)
    }
    expect(held.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => SECOND))
    expect(Math.max(...held)).toBe(10 * SECOND)
  })

  it('does not hold many right codes that come from one source at once, and does hold what follows wrong ones', async () => {
    const held: number[] = []
    const signIn = await world(roomySends, async (milliseconds) => {
      held.push(milliseconds)
    })
    const source = freshSource()
    const typeAll = async (codeOf: (right: string) => string): Promise<string[]> => {
      const asked: { attempt: Awaited<ReturnType<typeof signIn.ask>>; code: string }[] = []
      for (let at = 0; at < 20; at += 1) {
        const email = freshAddress()
        const attempt = await signIn.ask(email, freshSource())
        asked.push({ attempt, code: codeOf(signIn.newCode(email) ?? '') })
      }
      const typed = asked.map(({ attempt, code }) => signIn.type(attempt, code, source))
      return (await Promise.all(typed)).map(({ outcome }) => outcome)
    }
    expect(new Set(await typeAll((right) => right))).toEqual(new Set(['signed-in']))
    expect(held).toEqual([])
    await typeAll(wrongCode)
    await typeAll(wrongCode)
    expect(held.length).toBeGreaterThan(0)
  })

  it('gives parallel guesses a turn each, and refuses those whose turn is too far away, uncounted', async () => {
    const held: number[] = []
    const signIn = await world(roomySends, async (milliseconds) => {
      held.push(milliseconds)
    })
    const email = freshAddress()
    await miss(signIn, email)
    const source = freshSource()
    const outcomes = await Promise.all(
      Array.from({ length: 15 }, async () => {
        const asked = await signIn.ask(email, freshSource())
        return signIn.type(asked, '000000', source)
      }),
    )
    // Nobody got ahead: one a second, and slower as they miss more.
    expect(held.length).toBeLessThan(11)
    expect(new Set(held).size).toBe(held.length)
    expect(Math.max(...held)).toBeLessThanOrEqual(10 * SECOND)
    const refused = outcomes.filter(({ outcome }) => outcome === 'too-many-requests')
    expect(refused).toHaveLength(15 - held.length)
    expect(refused[0]).toEqual({ outcome: 'too-many-requests', retryAfter: 10 })
    expect(signIn.looks).toHaveLength(5 + held.length)
  })

  it('does not hold a browser that has proven the address', async () => {
    let held = 0
    const signIn = await world(roomySends, async () => {
      held += 1
    })
    const email = freshAddress()
    const asked = await signIn.ask(email, freshSource())
    const proven = await signIn.type(asked, signIn.newCode(email) ?? '', freshSource())
    const cookie = proven.outcome === 'signed-in' ? proven.knownBrowser?.value : undefined
    for (let round = 0; round < 2; round += 1) await miss(signIn, email)
    held = 0
    const again = await signIn.ask(email, freshSource(), cookie)
    const code = signIn.newCode(email) ?? ''
    expect((await signIn.type(again, code, freshSource(), cookie)).outcome).toBe('signed-in')
    expect(held).toBe(0)
  })
})

describe('an organisation', () => {
  const audited = async (action: string): Promise<number> =>
    documents.collection<{ _id: string }>(auditCollection).count({ action })

  it('E05: takes so many wrong codes an hour over all addresses, then no more, and locks none of them', async () => {
    const defaults = resolveSignInSettings()
    expect(defaults.guessesPerHour).toBeLessThan(0.01 * 10 ** defaults.codeLength)
    const signIn = await world({ ...roomyLimits, guessesPerHour: 100, guessesPerDay: 110 })
    const owner = freshAddress()
    const proof = await signIn.ask(owner, freshSource())
    const proven = await signIn.type(proof, signIn.newCode(owner) ?? '', freshSource())
    const cookie = proven.outcome === 'signed-in' ? proven.knownBrowser?.value : undefined

    const before = [await audited('guesses.stopped'), await audited('address.locked')]
    const flows = []
    for (let at = 0; at < 130; at += 1) {
      const email = freshAddress()
      const asked = await signIn.ask(email, freshSource())
      flows.push({ asked, code: signIn.newCode(email) ?? '' })
    }
    const spray = flows.map(({ asked, code }) => signIn.type(asked, wrongCode(code), freshSource()))
    const outcomes = (await Promise.all(spray)).map(({ outcome }) => outcome)
    expect(outcomes.filter((outcome) => outcome === 'wrong-code')).toHaveLength(100)
    expect(outcomes.filter((outcome) => outcome === 'too-many-requests')).toHaveLength(30)
    expect(signIn.looks).toHaveLength(100)
    // Told once, and whose owners come back in their browsers are not held up.
    expect([await audited('guesses.stopped'), await audited('address.locked')]).toEqual([
      Number(before[0]) + 1,
      before[1],
    ])
    expect(signIn.log.lines.filter((line) => /limit of wrong codes/.test(line))).toHaveLength(1)
    const again = await signIn.ask(owner, freshSource(), cookie)
    const code = signIn.newCode(owner) ?? ''
    expect((await signIn.type(again, code, freshSource(), cookie)).outcome).toBe('signed-in')

    // What was refused in this hour is not missing in the next one, of the day.
    clock.forward(HOUR)
    const victim = freshAddress()
    const later = await signIn.ask(victim, freshSource())
    const right = signIn.newCode(victim) ?? ''
    expect((await signIn.type(later, right, freshSource())).outcome).toBe('signed-in')
  })

  it('E13: sends thirty codes to five thousand addresses that one source asks for', async () => {
    const signIn = await world({})
    const source = '2001:db8:0:1::1'
    const outcomes = new Map<string, number>()
    for (let at = 0; at < 5000; at += 1) {
      const { outcome } = await signIn.ask(
        `bulk-${at}@example.org`,
        `${source.slice(0, -1)}${at.toString(16)}`,
      )
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    }
    expect(Object.fromEntries(outcomes)).toEqual({ 'code-sent': 30, 'too-many-requests': 4970 })
    expect(signIn.mails()).toBe(30)
  })

  it('E13: sends no more than its ceiling, whoever asks, says so once, and answers the same', async () => {
    const signIn = await world({ ...roomyLimits, sendsPerOrganisation: 50 })
    const before = await audited('mails.stopped')
    const noisy = freshAddress()
    // One address over its own limit does not use up what the others may need.
    for (let at = 0; at < 120; at += 1) await signIn.ask(noisy, freshSource())
    const outcomes = new Set<string>()
    for (let at = 0; at < 80; at += 1)
      outcomes.add((await signIn.ask(freshAddress(), freshSource())).outcome)
    expect([...outcomes]).toEqual(['code-sent'])
    expect(signIn.mails()).toBe(50)
    expect(await audited('mails.stopped')).toBe(before + 1)
    expect(signIn.log.lines.filter((line) => /hourly ceiling/.test(line))).toHaveLength(1)
  })

  it('E12: mails one address twenty codes a day at the most, tags dropped', async () => {
    const signIn = await world({ sendsPerSource: 100_000 })
    const [name = ''] = freshAddress().split('@')
    for (let hour = 0; hour < 24; hour += 1) {
      for (let at = 0; at < 8; at += 1)
        await signIn.ask(`${name}+${hour}-${at}@example.org`, freshSource())
      clock.forward(HOUR - SECOND)
    }
    expect(signIn.mails()).toBe(20)
  })
})

describe('asking for a code', () => {
  it('E11: never looks an account up', async () => {
    const asked: string[] = []
    const watched: Documents = {
      ...documents,
      collection(spec) {
        const collection = documents.collection<never>(spec)
        const watch = <F extends (...args: never[]) => unknown>(run: F): F =>
          ((...args) => {
            asked.push(spec.name)
            return run(...args)
          }) as F // the same function, overheard
        return {
          ...collection,
          findOne: watch(collection.findOne),
          find: watch(collection.find),
          updateOne: watch(collection.updateOne),
          insert: watch(collection.insert),
        }
      },
    }
    const signIn = await createGuessedSignIn({
      documents: watched,
      ephemeral,
      clock,
      random: systemRandom,
      settings: roomyLimits,
    })
    asked.length = 0
    const email = freshAddress()
    const flow = await signIn.ask(email, freshSource())
    expect(asked).not.toContain(accountsCollection.name)
    expect(asked).toContain('guess-budgets') // it was overheard
    await signIn.type(flow, signIn.newCode(email) ?? '', freshSource())
    expect(asked).toContain(accountsCollection.name)
  })
})

describe('a source', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['unknown', 'unknown'],
    ['203.0.113.7:50123', '203.0.113.7'],
    ['[2001:db8:1:2::7]:50123', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::7]', '2001:db8:1:2::/64'],
  ])('of %s is counted as %s', (address, source) => {
    expect(sourceOf(address)).toBe(source)
  })
})
