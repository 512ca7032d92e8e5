// The tarpit: how long a guess waits for its turn, in which lines, and how many wait at once.

import { afterAll, describe, expect, it } from '@jest/globals'
import { createEmbeddedEphemeral } from '../../adapters/embedded/ephemeral.ts'
import { resolveSignInSettings } from '../../src/services/identity/limits/settings.ts'
import { createTarpit, type Hold } from '../../src/services/identity/limits/tarpit.ts'
import { SECOND } from '../../src/shared/clock.ts'

const clock = { at: 1_800_000_000_000, now: () => clock.at }
const ephemeral = createEmbeddedEphemeral({ file: ':memory:', clock })
afterAll(() => ephemeral.close())
const settings = resolveSignInSettings() // a second more after every five, ten at the most

let count = 0
/** A line in which nobody waits yet, of who has missed so often. */
function line(misses: number) {
  count += 1
  return { name: `line-${count}`, misses }
}

/** A tarpit, and for how long it held each. */
function tarpit(hold: Hold = async () => {}) {
  const held: number[] = []
  const { wait } = createTarpit({
    ephemeral,
    clock,
    hold(milliseconds) {
      held.push(milliseconds)
      return hold(milliseconds)
    },
  })
  return { held, wait }
}

describe('the tarpit', () => {
  it.each([
    ['nobody before five wrong codes', 4, []],
    ['who has missed five times, for a second', 5, [SECOND]],
    ['who has missed nine times, as long', 9, [SECOND]],
    ['for a second more after the next five', 10, [2 * SECOND]],
    ['nobody for more than ten seconds', 1000, [10 * SECOND]],
  ])('holds %s', async (_name, misses, times) => {
    const { held, wait } = tarpit()
    expect(await wait([line(misses)], settings)).toBeUndefined()
    expect(held).toEqual(times)
  })

  it('holds until it is the turn in every line', async () => {
    const { held, wait } = tarpit()
    const [address, source] = [line(5), line(15)]
    await wait([address, source, line(0)], settings)
    await wait([source, address], settings)
    expect(held).toEqual([3 * SECOND, 6 * SECOND])
  })

  it('sends away for ten seconds who is too far back in one line, though not in another', async () => {
    const { held, wait } = tarpit()
    const [address, source] = [line(5), line(30)]
    await wait([source], settings)
    for (const lines of [
      [address, source],
      [source, address],
    ])
      expect(await wait(lines, settings)).toEqual({ retryAfter: 10 })
    expect(held).toEqual([6 * SECOND])
    clock.at += 6 * SECOND
    expect(await wait([address, source], settings)).toBeUndefined()
  })

  it('holds two hundred at once and sends the others away, until those were let go', async () => {
    const release = Promise.withResolvers<void>()
    const { held, wait } = tarpit(() => release.promise)
    const waiting = Array.from({ length: 200 }, () => wait([line(5)], settings))
    expect(await wait([line(5)], settings)).toEqual({ retryAfter: 10 })
    expect(await wait([line(4)], settings)).toBeUndefined() // who need not wait is not sent away
    release.resolve()
    await Promise.all(waiting)
    expect(await wait([line(5)], settings)).toBeUndefined()
    expect(held).toHaveLength(201)
  })

  it('has room again after those whose wait failed', async () => {
    const { wait } = tarpit(() => Promise.reject(new Error('the process ends')))
    for (let at = 0; at < 201; at += 1)
      await expect(wait([line(5)], settings)).rejects.toThrow('the process ends')
  })
})
