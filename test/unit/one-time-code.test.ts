// One-time codes: evenly spread, whole, and read as people type them.

import { describe, expect, it } from '@jest/globals'
import { makeCode, readCode } from '../../src/services/identity/sign-in/one-time-code.ts'
import { systemRandom } from '../../src/shared/secrets.ts'

const CODES = 20_000

/** How far the counts are from even. */
function chiSquare(counts: Iterable<number>, cells: number, draws: number): number {
  const expected = draws / cells
  const seen = [...counts]
  const missing = (cells - seen.length) * expected
  return seen.reduce((sum, count) => sum + (count - expected) ** 2 / expected, missing)
}

function tally<T>(items: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>()
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1)
  return counts
}

describe('E22: twenty thousand codes', () => {
  const codes = Array.from({ length: CODES }, () => makeCode(systemRandom, 6))

  it('have six digits each, leading zeros kept', () => {
    expect(codes.filter((code) => !/^[0-9]{6}$/.test(code))).toEqual([])
    const zeros = codes.filter((code) => code.startsWith('0')).length
    expect(zeros).toBeGreaterThan(1600) // of 2000 expected: nine standard deviations
    expect(zeros).toBeLessThan(2400)
  })

  it('have every digit equally often at every place', () => {
    for (let place = 0; place < 6; place += 1) {
      const counts = tally(codes.map((code) => code[place]))
      // Nine degrees of freedom: beyond 44 once in a million runs.
      expect(chiSquare(counts.values(), 10, CODES)).toBeLessThan(44)
    }
  })

  it('say nothing about the code that comes next', () => {
    const pairs = codes.slice(1).map((code, index) => `${codes[index]?.[5]}${code[5]}`)
    // 99 degrees of freedom: beyond 180 less than once in a million runs.
    expect(chiSquare(tally(pairs).values(), 100, CODES - 1)).toBeLessThan(180)
    const values = codes.map(Number)
    const mean = values.reduce((sum, value) => sum + value, 0) / CODES
    const product = (lag: number): number =>
      values
        .slice(lag)
        .reduce((sum, value, at) => sum + (value - mean) * ((values[at] ?? 0) - mean), 0)
    expect(Math.abs(product(1) / product(0))).toBeLessThan(0.04) // five standard deviations and more
  })

  it('are as many as there can be: nearly no two the same', () => {
    // About 200 pairs of 20,000 among a million.
    expect(new Set(codes).size).toBeGreaterThan(CODES - 400)
  })
})

describe('a code as it is typed', () => {
  it.each([
    ['000123', '000123'],
    [' 000 123 ', '000123'],
    ['000-123', '000123'],
    ['0 0 0 1 2 3', '000123'],
    ['０００１２３', '000123'],
    ['٠٠٠١٢٣', '000123'],
    ['000\u00a0123\u200b', '000123'],
    ['12345', undefined],
    ['1234567', undefined],
    ['1e5', undefined],
    ['0x1234', undefined],
    ['-12345', undefined],
    ['12345a', undefined],
    [`123456${' '.repeat(34)}`, '123456'],
    [`123456${' '.repeat(35)}`, undefined],
    [' '.repeat(100_000), undefined],
  ])('%j is %j', (typed, code) => {
    expect(readCode(typed, 6)).toBe(code)
  })
})
