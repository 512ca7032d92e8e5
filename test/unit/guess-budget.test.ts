// The guess budget of an address: what is taken from it, what is given back, and how long it locks.

import { afterAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createEmbeddedDocuments } from '../../adapters/embedded/documents.ts'
import {
  createGuessBudgets,
  type GuessBudgets,
  type TakenGuess,
} from '../../src/services/identity/limits/guess-budget.ts'
import { resolveSignInSettings } from '../../src/services/identity/limits/settings.ts'
import { DAY, HOUR, MINUTE } from '../../src/shared/clock.ts'
import { createKeyring } from '../../src/shared/secrets.ts'
import { createGuessBudgetStore } from '../../src/stores/guess-budgets.ts'

const OLD = 'an-old-secret-that-is-long-enough-00'
const NEXT = 'a-new-secret-that-is-long-enough-000'

const clock = { at: 1_800_000_000_000, now: () => clock.at }
const documents = createEmbeddedDocuments({ file: ':memory:', clock })
afterAll(() => documents.close())
const store = createGuessBudgetStore(documents)
const under = (...secrets: string[]): GuessBudgets =>
  createGuessBudgets({ store, keyring: createKeyring(secrets), clock })
const budgets = under(OLD)
const settings = resolveSignInSettings()

let owner = { organisation: 'org_one', email: '' }
let count = 0
beforeEach(() => {
  count += 1
  owner = { ...owner, email: `ana-${count}@example.org` }
})

/** So many guesses, one after another; each leaves the budget for longer than it matters. */
async function take(times: number, its = settings, browser?: string) {
  const taken: (TakenGuess | undefined)[] = []
  for (let at = 0; at < times; at += 1) taken.push(await budgets.take(owner, its, browser))
  for (const { budget } of taken.filter((guess) => guess !== undefined))
    expect(budget.expiresAt).toBeGreaterThan(Math.max(clock.at, budget.lockedUntil) + DAY)
  return taken
}
const sizeOf = (guesses: readonly unknown[]): number => guesses.filter(Boolean).length

describe('a guess budget', () => {
  it('holds twenty guesses, and closes the address with the last of them', async () => {
    const taken = await take(20)
    expect(taken.map((guess) => guess?.before)).toEqual([...Array(20).keys()])
    expect(taken.filter((guess) => guess?.locksUntil !== undefined)).toEqual([taken.at(-1)])
    expect(taken.at(-1)?.locksUntil).toBe(clock.at + HOUR)
    expect(await budgets.take(owner, settings)).toBeUndefined()
    expect(await budgets.isLocked(owner, settings)).toBe(true)
    expect(await budgets.isLocked({ ...owner, organisation: 'org_two' }, settings)).toBe(false)
  })

  it('is of the last 24 hours, and of no more', async () => {
    await take(3)
    clock.at += DAY
    expect((await take(7)).at(0)?.before).toBe(0)
    clock.at += DAY - 1
    expect((await take(9)).at(-1)?.before).toBe(15)
    clock.at += 1
    const [guess] = await take(1) // the twentieth that stands there
    expect(guess?.before).toBe(9)
    expect(guess).not.toHaveProperty('locksUntil')
    expect(sizeOf(await take(20))).toBe(10)
  })

  it('locks for longer each time, for 24 times as long at the most, and has one guess after each', async () => {
    const brief = { ...settings, guessLock: 10 * MINUTE }
    let [guess] = (await take(20, brief)).slice(-1)
    for (const [before, step] of [1, 2, 4, 8, 24, 24, 24].entries()) {
      expect(guess).toMatchObject({
        before: 19 + before,
        locksUntil: clock.at + step * brief.guessLock,
      })
      clock.at += step * brief.guessLock - 1
      expect(await budgets.take(owner, brief)).toBeUndefined()
      clock.at += 1
      expect(await budgets.isLocked(owner, brief)).toBe(false)
      ;[guess] = await take(2, brief)
    }
  })

  it('begins with the shortest lock again after a day without guesses', async () => {
    await take(20)
    clock.at += HOUR
    expect((await take(1)).at(0)?.locksUntil).toBe(clock.at + 2 * HOUR)
    clock.at += DAY
    expect((await take(20)).at(-1)?.locksUntil).toBe(clock.at + HOUR)
  })

  it('takes no more of many at once, and takes back all that are given back at once', async () => {
    const atOnce = () =>
      Promise.all(Array.from({ length: 25 }, () => budgets.take(owner, settings)))
    const taken = await atOnce()
    expect(sizeOf(taken)).toBe(20)
    await Promise.all(taken.map((guess) => guess && budgets.giveBack(guess)))
    expect(sizeOf(await atOnce())).toBe(20)
  })

  it('has its last guess again when that is given back, and the lock has never been', async () => {
    const last = (await take(20)).at(-1)
    if (!last) throw new Error('no guess was taken')
    await budgets.giveBack(last)
    expect(await budgets.isLocked(owner, settings)).toBe(false)
    const [again, more] = await take(2)
    expect(again).toMatchObject({ before: 19, locksUntil: clock.at + HOUR })
    expect(more).toBeUndefined()
  })

  it('stays locked when an earlier guess than the last is given back', async () => {
    const [first] = await take(20)
    if (!first) throw new Error('no guess was taken')
    await budgets.giveBack(first)
    expect(await budgets.isLocked(owner, settings)).toBe(true)
  })

  it('gives back the guess that it was, and not one of another time', async () => {
    const [early] = await take(1)
    clock.at += HOUR
    await take(1)
    if (!early) throw new Error('no guess was taken')
    await budgets.giveBack(early)
    clock.at += DAY - HOUR
    expect((await take(1)).at(0)?.before).toBe(1)
  })

  it('is forgotten when that is asked for, under whichever value of SECRET', async () => {
    await take(20)
    const rotated = under(NEXT, OLD)
    await rotated.forget(owner)
    expect(await rotated.take(owner, settings)).toMatchObject({ before: 0 })
    expect(await budgets.take(owner, settings)).toMatchObject({ before: 0 })
  })

  it('goes on when SECRET is changed, locks included', async () => {
    await take(19)
    const rotated = under(NEXT, OLD)
    expect(await rotated.take(owner, settings)).toMatchObject({ before: 19 })
    expect(await rotated.take(owner, settings)).toBeUndefined()
    expect(await under(NEXT).isLocked(owner, settings)).toBe(true)
    expect(await under(OLD).isLocked(owner, settings)).toBe(false) // the process that is not told yet
  })

  it('is kept for as long as it locks, however long that is', async () => {
    const long = { ...settings, guessLock: 3 * DAY }
    await take(20, long)
    clock.at += 3 * DAY - 1
    expect(await budgets.isLocked(owner, long)).toBe(true)
    expect(sizeOf(await take(6, long, 'phone'))).toBe(5)
  })

  it('is tried anew when another process was first, and given up when that goes on', async () => {
    let others = 1
    const contested = createGuessBudgets({
      store: {
        ...store,
        async replace(seen, change) {
          others -= 1
          if (others >= 0) await store.replace(seen, { expiresAt: seen.expiresAt })
          return store.replace(seen, change)
        },
      },
      keyring: createKeyring([OLD]),
      clock,
    })
    await take(19)
    const last = await contested.take(owner, settings)
    expect(last).toMatchObject({ locksUntil: clock.at + HOUR })
    others = 1
    const own = await contested.take(owner, settings, 'phone')
    if (!last || !own) throw new Error('no guess was taken')
    others = 1
    await contested.giveBack(own)
    others = Number.POSITIVE_INFINITY
    await contested.giveBack(last)
    expect(await contested.take(owner, settings, 'phone')).toBeUndefined()
    expect(sizeOf(await take(6, settings, 'phone'))).toBe(5)
    clock.at += HOUR
    expect(await contested.take(owner, settings)).toBeUndefined()
  })
})

describe('a known browser', () => {
  it('has five guesses of its own while those of its address are spent', async () => {
    await take(19)
    const [ofAddress] = await take(1, settings, 'phone')
    expect(ofAddress).toMatchObject({ before: 19 })
    expect(sizeOf(await take(7, settings, 'phone'))).toBe(5)
    expect(await budgets.isLocked(owner, settings, 'phone')).toBe(true)
    expect(await budgets.take(owner, settings, 'tablet')).toBeUndefined()
  })

  it('is not locked with its address, before its own are spent', async () => {
    await take(20)
    expect(await budgets.isLocked(owner, settings, 'phone')).toBe(false)
    await take(4, settings, 'phone')
    expect(await budgets.isLocked(owner, settings, 'phone')).toBe(false)
    expect(await budgets.isLocked(owner, settings, 'tablet')).toBe(true)
    expect(await budgets.isLocked(owner, settings)).toBe(true)
  })

  it('has them again after 24 hours, also while its address is locked', async () => {
    const long = { ...settings, guessLock: 12 * HOUR }
    await take(20, long)
    expect(sizeOf(await take(6, long, 'phone'))).toBe(5)
    clock.at += 12 * HOUR
    await take(1, long)
    clock.at += 12 * HOUR - 1
    expect(await budgets.take(owner, long, 'phone')).toBeUndefined()
    clock.at += 1
    expect(await budgets.take(owner, long)).toBeUndefined()
    expect(sizeOf(await take(6, long, 'phone'))).toBe(5)
  })

  it('gives back its own guess, and not that of another browser in the same instant', async () => {
    const two = { ...settings, knownBrowsers: 2, knownBrowserGuesses: 1 }
    await take(20, two)
    const [mine] = await take(1, two, 'phone')
    expect(sizeOf(await take(1, two, 'tablet'))).toBe(1)
    if (!mine) throw new Error('no guess was taken')
    await budgets.giveBack(mine)
    expect(await budgets.isLocked(owner, two)).toBe(true)
    expect(await budgets.take(owner, two, 'tablet')).toBeUndefined()
    expect(sizeOf(await take(2, two, 'phone'))).toBe(1)
  })

  it('gives back the guess that it was, and not one of another time', async () => {
    const long = { ...settings, guessLock: 3 * DAY }
    await take(20, long)
    const [early] = await take(1, long, 'phone')
    clock.at += HOUR
    await take(4, long, 'phone')
    if (!early) throw new Error('no guess was taken')
    await budgets.giveBack(early)
    expect(sizeOf(await take(2, long, 'phone'))).toBe(1)
    clock.at += DAY - HOUR
    expect(await budgets.take(owner, long, 'phone')).toBeUndefined()
  })

  it('takes no more of many at once', async () => {
    await take(20)
    const all = Array.from({ length: 12 }, () => budgets.take(owner, settings, 'phone'))
    expect(sizeOf(await Promise.all(all))).toBe(5)
  })
})
