// What was read a moment ago, by a clock that may be set right.

import { expect, it } from '@jest/globals'
import { createFreshCache } from '../../src/shared/fresh-cache.ts'

const LIFE = 3000

it('forgets at its end, and also when the clock turns out to have been ahead', () => {
  const clock = { at: 1_800_000_000_000, now: () => clock.at }
  const cache = createFreshCache<string>({ clock, life: LIFE, size: 2 })
  cache.set('a', 'read')
  clock.at += LIFE - 1
  expect(cache.get('a')).toBe('read')
  clock.at += 1
  expect(cache.get('a')).toBeUndefined()
  cache.set('a', 'read')
  clock.at -= 3_600_000
  expect(cache.get('a')).toBeUndefined()
})
