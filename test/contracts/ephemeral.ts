// What the ephemeral port promises, as cases that run on every adapter.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Ephemeral, Guard } from '../../src/stores/ephemeral.ts'
import { eventually } from '../support/eventually.ts'

export type EphemeralPort = {
  open(): Promise<Ephemeral>
  /** A second port on the same store, as another process would have it. */
  openAgain(): Promise<Ephemeral>
  /** The time it judges expiry by, in milliseconds since 1970. */
  now(): number
  /** Lets that time go by. */
  pass(milliseconds: number): Promise<void>
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))
const newKey = (): string => `case:${randomUUID()}`
/** Long enough for a slow machine to look once before it is over. */
const SHORT = 400
const LONG = 60_000

export function ephemeralContract(name: string, port: EphemeralPort): void {
  describe(`the ephemeral port on ${name}`, () => {
    let store: Ephemeral
    beforeAll(async () => {
      store = await port.open()
    })
    afterAll(() => store.close())

    const guard = (digest: string, change: Partial<Guard> = {}): Guard => ({
      digest,
      digestExpiresAt: port.now() + LONG,
      value: 'value',
      tries: 5,
      ttl: LONG,
      ...change,
    })

    describe('a value', () => {
      it('is there until its time is over, as it was written', async () => {
        const key = newKey()
        const value = 'Grüße {"a":"\\u0000"} \n 你好'
        await store.set(key, value, SHORT)
        expect(await store.get(key)).toBe(value)
        await port.pass(SHORT + 50)
        expect(await store.get(key)).toBeUndefined()
        expect(await store.take(key)).toBeUndefined()
        expect(await store.markOnce(key, 'x')).toBe('missing')
      })

      it('is replaced with its mark', async () => {
        const key = newKey()
        await store.set(key, 'one', LONG)
        await store.markOnce(key, 'mark')
        await store.set(key, 'two', LONG)
        expect(await store.getMarked(key)).toEqual({ value: 'two', mark: undefined })
      })

      it('is set by exactly one of many that want to be the first, and again once it has expired', async () => {
        const key = newKey()
        const results = await Promise.all(
          times(100, (index) => store.setIfAbsent(key, String(index), SHORT)),
        )
        expect(results.filter(Boolean)).toHaveLength(1)
        expect(await store.get(key)).toBe(String(results.indexOf(true)))
        await port.pass(SHORT + 50)
        expect(await store.setIfAbsent(key, 'later', LONG)).toBe(true)
      })

      it('is taken by exactly one of many', async () => {
        const key = newKey()
        await store.set(key, 'prize', LONG)
        const results = await Promise.all(times(200, () => store.take(key)))
        expect(results.filter((each) => each === 'prize')).toHaveLength(1)
        expect(results.filter((each) => each === undefined)).toHaveLength(199)
      })

      it('is marked by exactly one of many, stays readable, and its mark dies with it', async () => {
        const key = newKey()
        await store.set(key, 'code', SHORT)
        const results = await Promise.all(times(200, (index) => store.markOnce(key, `m${index}`)))
        expect(results.filter((each) => each === 'marked')).toHaveLength(1)
        expect(results.filter((each) => each === 'already')).toHaveLength(199)
        expect(await store.getMarked(key)).toEqual({
          value: 'code',
          mark: `m${results.indexOf('marked')}`,
        })
        await port.pass(SHORT + 50)
        expect(await store.getMarked(key)).toBeUndefined()
        await store.set(key, 'anew', LONG)
        expect(await store.markOnce(key, 'x')).toBe('marked')
      })

      it('takes its mark along when it is taken', async () => {
        const key = newKey()
        await store.set(key, 'first', LONG)
        await store.markOnce(key, 'mark')
        expect(await store.take(key)).toBe('first')
        await store.setIfAbsent(key, 'second', LONG)
        expect(await store.getMarked(key)).toEqual({ value: 'second', mark: undefined })
      })

      it('may be empty', async () => {
        const key = newKey()
        await store.set(key, '', LONG)
        expect(await store.get(key)).toBe('')
        expect(await store.getMarked(key)).toEqual({ value: '', mark: undefined })
        expect(await store.take(key)).toBe('')
      })

      it('is deleted with its mark and a guard; deleting nothing is no error', async () => {
        const key = newKey()
        await store.set(key, 'value', LONG)
        await store.markOnce(key, 'mark')
        await store.guard(key, guard('digest'))
        await store.delete(key)
        await store.delete(key)
        expect(await store.getMarked(key)).toBeUndefined()
        expect(await store.attempt(key, 'digest')).toEqual({ outcome: 'missing' })
      })
    })

    describe('a guarded secret', () => {
      it('is taken once, with its value', async () => {
        const key = newKey()
        expect(await store.guard(key, guard('right', { value: 'for you' }))).toEqual({ left: 5 })
        expect(await store.attempt(key, 'right')).toEqual({ outcome: 'taken', value: 'for you' })
        expect(await store.attempt(key, 'right')).toEqual({ outcome: 'missing' })
      })

      it('takes the value under its key along, but not for a wrong guess', async () => {
        const key = newKey()
        await store.guard(key, guard('right'))
        await store.set(key, 'beside it', LONG)
        await store.attempt(key, 'wrong')
        expect(await store.get(key)).toBe('beside it')
        await store.attempt(key, 'right')
        expect(await store.get(key)).toBeUndefined()
      })

      it('counts wrong guesses, and is not looked at any more when none are left', async () => {
        const key = newKey()
        await store.guard(key, guard('right', { tries: 2 }))
        expect(await store.attempt(key, 'wrong')).toEqual({ outcome: 'wrong', left: 1 })
        expect(await store.attempt(key, 'wrong')).toEqual({ outcome: 'wrong', left: 0 })
        expect(await store.attempt(key, 'right')).toEqual({ outcome: 'spent' })
        expect(await store.guard(key, guard('another', { tries: 2 }))).toEqual({ left: 0 })
        expect(await store.attempt(key, 'another')).toEqual({ outcome: 'spent' })
      })

      it('is taken by one of many right guesses at once', async () => {
        const key = newKey()
        await store.guard(key, guard('right'))
        const results = await Promise.all(times(200, () => store.attempt(key, 'right')))
        expect(results.filter((each) => each.outcome === 'taken')).toHaveLength(1)
        expect(results.filter((each) => each.outcome === 'missing')).toHaveLength(199)
      })

      it('looks at no more wrong guesses than it has tries, however many arrive at once', async () => {
        const key = newKey()
        await store.guard(key, guard('right'))
        const results = await Promise.all(
          times(200, (index) => store.attempt(key, `wrong ${index}`)),
        )
        expect(results.filter((each) => each.outcome === 'wrong')).toHaveLength(5)
        expect(results.filter((each) => each.outcome === 'spent')).toHaveLength(195)
      })

      it('accepts the one before the newest, none older, and its tries go on', async () => {
        const key = newKey()
        await store.guard(key, guard('first'))
        await store.attempt(key, 'wrong')
        expect(await store.guard(key, guard('second'))).toEqual({ left: 4 })
        expect(await store.guard(key, guard('third', { value: 'newest' }))).toEqual({ left: 4 })
        expect(await store.attempt(key, 'first')).toEqual({ outcome: 'wrong', left: 3 })
        expect(await store.attempt(key, 'second')).toEqual({ outcome: 'taken', value: 'newest' })
        expect(await store.attempt(key, 'third')).toEqual({ outcome: 'missing' })
      })

      it('stops taking each one at its own time', async () => {
        const key = newKey()
        await store.guard(key, guard('first', { digestExpiresAt: port.now() + SHORT }))
        await store.guard(key, guard('second'))
        await port.pass(SHORT + 50)
        expect(await store.attempt(key, 'first')).toMatchObject({ outcome: 'wrong' })
        expect(await store.attempt(key, 'second')).toMatchObject({ outcome: 'taken' })
      })

      it('is gone when its time is over', async () => {
        const key = newKey()
        await store.guard(key, guard('right', { ttl: SHORT, digestExpiresAt: port.now() + SHORT }))
        await port.pass(SHORT + 50)
        expect(await store.attempt(key, 'right')).toEqual({ outcome: 'missing' })
      })
    })

    describe('a counter', () => {
      it('counts each of many at once, in one window that starts with the first', async () => {
        const key = newKey()
        const counts = await Promise.all(times(100, () => store.increment(key, LONG)))
        expect(counts.map((each) => each.count).sort((a, b) => a - b)).toEqual(
          times(100, (index) => index + 1),
        )
        const resets = counts.map((each) => each.resetsAt)
        expect(Math.max(...resets) - Math.min(...resets)).toBeLessThan(500)
        expect(Math.abs((resets[0] ?? 0) - port.now() - LONG)).toBeLessThan(2000)
        expect((await store.increment(key, LONG, 5)).count).toBe(105)
      })

      it('begins anew when its window is over', async () => {
        const key = newKey()
        await store.increment(key, SHORT)
        await port.pass(SHORT + 50)
        expect((await store.increment(key, SHORT)).count).toBe(1)
      })

      it('takes counts back, but from no other window and never below zero', async () => {
        const key = newKey()
        const { resetsAt } = await store.increment(key, LONG, 3)
        await store.takeBack(key, resetsAt)
        expect((await store.increment(key, LONG)).count).toBe(3)
        await store.takeBack(key, resetsAt - LONG)
        await store.takeBack(key, resetsAt + LONG)
        expect((await store.increment(key, LONG)).count).toBe(4)
        await Promise.all(times(10, () => store.takeBack(key, resetsAt)))
        expect((await store.increment(key, LONG)).count).toBe(1)
        // What was never counted does not begin below zero.
        const other = newKey()
        await store.takeBack(other, resetsAt)
        expect((await store.increment(other, LONG)).count).toBe(1)
      })
    })

    describe('a turn', () => {
      const gap = 1000
      const limit = 5000

      it('comes after the one before, each of many at once has its own, and nobody waits for too long', async () => {
        const key = newKey()
        const now = port.now()
        const turns = await Promise.all(times(20, () => store.turn(key, { now, gap, limit })))
        const given = turns.filter((turn) => turn !== undefined)
        expect(given.sort((a, b) => a - b)).toEqual(times(5, (index) => now + gap * (index + 1)))
        // Who was refused has taken nobody's turn.
        const later = await store.turn(key, { now: now + gap, gap, limit })
        expect(later).toBe(now + limit + gap)
      })

      it('is at the earliest a gap away, also when nobody has waited for long', async () => {
        const key = newKey()
        const now = port.now()
        await store.turn(key, { now, gap, limit })
        expect(await store.turn(key, { now: now + 60_000, gap, limit })).toBe(now + 60_000 + gap)
        expect(await store.turn(newKey(), { now, gap: limit + 1, limit })).toBeUndefined()
      })
    })

    describe('a message', () => {
      it('reaches whoever subscribed, until they end it', async () => {
        const channel = newKey()
        const heard: string[] = []
        const also: string[] = []
        const end = await store.subscribe(channel, (message) => heard.push(message))
        const endAlso = await store.subscribe(channel, (message) => also.push(message))
        await store.publish(channel, 'one')
        await eventually(async () => expect(heard).toEqual(['one']))
        await end()
        await store.publish(newKey(), 'elsewhere')
        await store.publish(channel, 'two')
        await eventually(async () => expect(also).toEqual(['one', 'two']))
        expect(heard).toEqual(['one'])
        await endAlso()
      })

      it('reaches each of many that subscribed at once, even with one function', async () => {
        const channel = newKey()
        let heard = 0
        const hear = (): void => {
          heard += 1
        }
        const ends = await Promise.all(times(10, () => store.subscribe(channel, hear)))
        await store.publish(channel, 'one')
        await eventually(async () => expect(heard).toBe(10))
        await Promise.all(ends.slice(1).map((end) => end()))
        await ends[1]?.() // once more is no error, and ends nobody else
        await store.publish(channel, 'two')
        await eventually(async () => expect(heard).toBe(11))
        await ends[0]?.()
      })
    })

    it('shares values, guards and counters with another process', async () => {
      const other = await port.openAgain()
      try {
        const key = newKey()
        await store.set(key, 'shared', LONG)
        expect(await other.get(key)).toBe('shared')
        await store.guard(key, guard('right'))
        const both = times(60, (index) => (index % 2 ? store : other).attempt(key, 'right'))
        expect((await Promise.all(both)).filter((each) => each.outcome === 'taken')).toHaveLength(1)
        await Promise.all(
          times(20, (index) => (index % 2 ? store : other).increment(`${key}:n`, LONG)),
        )
        expect((await other.increment(`${key}:n`, LONG)).count).toBe(21)
      } finally {
        await other.close()
      }
    })

    it('answers a ping', async () => {
      await expect(store.ping()).resolves.toBeUndefined()
    })
  })
}
