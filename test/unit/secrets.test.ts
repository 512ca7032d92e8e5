// Keys from SECRET: digests that do not collide, seals that open for their purpose and context alone.

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createKeyring, isSameDigest, sha256, systemRandom } from '../../src/shared/secrets.ts'

const ONE = 'one-secret-of-the-tests-0123456789'
const TWO = 'two-secrets-of-the-tests-9876543210'
const keyring = createKeyring([ONE])

const parts = fc.array(fc.string({ unit: 'binary' }), { maxLength: 4 })

describe('a digest', () => {
  it('differs for any two lists of parts, however they are cut', () => {
    expect(keyring.digest('cursor', 'ab', 'c')).not.toBe(keyring.digest('cursor', 'a', 'bc'))
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const isSame = JSON.stringify(a) === JSON.stringify(b)
        expect(keyring.digest('cursor', ...a) === keyring.digest('cursor', ...b)).toBe(isSame)
      }),
    )
  })

  it('differs by purpose and by secret', () => {
    const digests = [
      keyring.digest('cursor', 'a'),
      keyring.digest('address', 'a'),
      createKeyring([TWO]).digest('cursor', 'a'),
      sha256('a'),
    ]
    expect(new Set(digests).size).toBe(digests.length)
  })

  it('is made with the first value of SECRET, and found under all', () => {
    const rotated = createKeyring([TWO, ONE])
    expect(rotated.digest('cursor', 'a')).toBe(createKeyring([TWO]).digest('cursor', 'a'))
    expect(rotated.digests('cursor', 'a')).toContain(keyring.digest('cursor', 'a'))
  })

  it('is compared whole', () => {
    expect(isSameDigest(sha256('a'), sha256('a'))).toBe(true)
    for (const other of [sha256('b'), '', sha256('a').slice(1), `${sha256('a')}a`, 'ä'])
      expect(isSameDigest(sha256('a'), other)).toBe(false)
  })
})

describe('a seal', () => {
  it('opens to what was sealed, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (clear, context) => {
        const sealed = keyring.seal('seal:refresh', context, clear)
        expect(keyring.open('seal:refresh', context, sealed)).toBe(clear)
      }),
    )
  })

  it('never looks the same twice', () => {
    expect(keyring.seal('seal:refresh', 'a', 'x')).not.toBe(keyring.seal('seal:refresh', 'a', 'x'))
  })

  it('does not open for another purpose, context or secret', () => {
    const sealed = keyring.seal('seal:refresh', 'a', 'x')
    expect(keyring.open('seal:signing-key', 'a', sealed)).toBeUndefined()
    expect(keyring.open('seal:refresh', 'b', sealed)).toBeUndefined()
    expect(createKeyring([TWO]).open('seal:refresh', 'a', sealed)).toBeUndefined()
    expect(createKeyring([TWO, ONE]).open('seal:refresh', 'a', sealed)).toBe('x')
  })

  it('does not open when a bit of it was changed, or when it is none', () => {
    const bytes = Buffer.from(keyring.seal('seal:refresh', 'a', 'secret'), 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes)
      changed[bit >> 3] = Number(changed[bit >> 3]) ^ (1 << (bit & 7))
      expect(keyring.open('seal:refresh', 'a', changed.toString('base64url'))).toBeUndefined()
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(keyring.open('seal:refresh', 'a', text)).toBeUndefined()
      }),
    )
  })
})

describe('randomness', () => {
  it('E22: spreads evenly over its range, its ends included', () => {
    const draws = 20_000
    const counts = Array.from({ length: 10 }, () => 0)
    for (let draw = 0; draw < draws; draw += 1) {
      const digit = systemRandom.below(10)
      counts[digit] = Number(counts[digit]) + 1
    }
    const expected = draws / counts.length
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    // Nine degrees of freedom: beyond 44 once in a million runs.
    expect(chiSquare).toBeLessThan(44)
  })

  it('makes tokens of the length asked for, no two the same', () => {
    const tokens = Array.from({ length: 1000 }, () => systemRandom.token(32))
    expect(new Set(tokens).size).toBe(tokens.length)
    for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/)
  })
})
