// What is built of keys: when it is built anew, and what happens when the keys cannot be read.

import { describe, expect, it } from '@jest/globals'
import { createRenewed } from '../../src/provider/renewal.ts'
import type { KeySet, OpenKey } from '../../src/services/identity/keys/signing-keys.ts'
import { DAY, HOUR, MINUTE } from '../../src/shared/clock.ts'
import { recordingLog } from '../support/recording-log.ts'

const START = 1_000_000_000_000

function key(generation: number, activeFrom: number, retiresAt?: number): OpenKey {
  const kid = `key-${generation}`
  const jwk = {
    kid,
    alg: 'RS256',
    use: 'sig',
    kty: 'RSA',
    n: kid,
    e: 'AQAB',
    d: 'private',
  } as const
  const ends = retiresAt ? { retiresAt, expiresAt: retiresAt + DAY } : {}
  return { kid, alg: 'RS256', generation, activeFrom, dueAt: 0, ...ends, jwk }
}

/** The kids that sign and that are published. */
const shownOf = ({ signing, published }: KeySet): string =>
  [signing, published].map((jwks) => jwks.map(({ kid }) => kid).join()).join(' / ')

function renewedOf(first: readonly OpenKey[]) {
  const state = { now: START, keys: first, reads: 0, builds: 0, fails: false }
  const log = recordingLog()
  const renewed = createRenewed({
    async read() {
      state.reads += 1
      if (state.fails) throw new Error('the store is away')
      return state.keys
    },
    build(keys) {
      state.builds += 1
      return { shown: shownOf(keys) }
    },
    clock: { now: () => state.now },
    log,
  })
  const shown = async (): Promise<string> => (await renewed.current()).shown
  return { state, renewed, shown, log }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('what is built of the keys', () => {
  it('is built once for many who ask at the same time', async () => {
    const { state, renewed } = renewedOf([key(1, START)])
    const all = await Promise.all(Array.from({ length: 20 }, () => renewed.current()))
    expect(new Set(all).size).toBe(1)
    expect(state).toMatchObject({ reads: 1, builds: 1 })
  })

  it('changes at the instants of the keys, without a read, and back with a clock that is set back', async () => {
    const change = START + 5 * MINUTE
    const { state, shown } = renewedOf([key(2, change), key(1, START, change + MINUTE)])
    expect(await shown()).toBe('key-1 / key-1,key-2')
    state.now = change
    expect(await shown()).toBe('key-2 / key-2,key-1')
    state.now = change + MINUTE
    expect(await shown()).toBe('key-2 / key-2')
    state.now = START
    expect(await shown()).toBe('key-1 / key-1,key-2')
    expect(state.reads).toBe(1)
  })

  it('is built anew for a key that it does not know, and for no other', async () => {
    const { state, renewed, shown } = renewedOf([key(1, START)])
    await renewed.keyMade('key-1')
    expect(state.reads).toBe(0) // nobody has asked yet
    await shown()
    await renewed.keyMade('key-1')
    expect(state).toMatchObject({ reads: 1, builds: 1 })
    state.keys = [key(2, START)]
    await renewed.keyMade('key-2')
    expect(await shown()).toBe('key-2 / key-2')
    expect(state).toMatchObject({ reads: 2, builds: 2 })
  })

  it('finds by itself what nobody told it, within minutes and while it is in use', async () => {
    const { state, shown } = renewedOf([key(1, START)])
    await shown()
    state.keys = [key(2, START + DAY), key(1, START, START + DAY + HOUR)]
    state.now += 10 * MINUTE
    await shown()
    await settled()
    expect(await shown()).toBe('key-1 / key-1,key-2')
  })

  it('stays in use while the keys cannot be read, which is logged and tried again', async () => {
    const { state, renewed, shown, log } = renewedOf([key(1, START)])
    await shown()
    state.fails = true
    await expect(renewed.keyMade('key-2')).rejects.toThrow('the store is away')
    state.now += 10 * MINUTE
    expect(await shown()).toBe('key-1 / key-1')
    await settled()
    expect(log.lines.join()).toContain('signing keys could not be read')
    state.fails = false
    state.keys = [key(2, START)]
    state.now += 10 * MINUTE
    await shown()
    await settled()
    expect(await shown()).toBe('key-2 / key-2')
  })

  it('that could not be built at first is tried again by the next who asks', async () => {
    const { state, renewed, shown } = renewedOf([key(1, START)])
    state.fails = true
    await expect(renewed.current()).rejects.toThrow('the store is away')
    state.fails = false
    expect(await shown()).toBe('key-1 / key-1')
  })
})
