// What each of an organisation's keys is good for, by its times alone.

import { expect, it } from '@jest/globals'
import { statesAt } from '../../src/services/identity/keys/key-schedule.ts'

const NOW = 1000
const key = (generation: number, activeFrom: number) =>
  ({ alg: 'ES256', generation, activeFrom, dueAt: NOW + 1 }) as const
const states = (...keys: Parameters<typeof statesAt>[0]): string[] =>
  statesAt(keys, NOW).map(({ key: { generation }, state }) => `${generation} ${state}`)

it('the newest key that may sign does, and one that comes is published', () => {
  const retired = { ...key(1, 0), retiresAt: NOW + 10 }
  expect(states(key(3, NOW + 1), { ...key(2, NOW), retiresAt: NOW + 20 }, retired)).toEqual([
    '3 next',
    '2 current',
    '1 former',
  ])
})

it('when none may sign yet, the first to come does', () => {
  expect(states(key(2, NOW + 2), { ...key(1, NOW + 1), retiresAt: NOW + 2 })).toEqual([
    '2 next',
    '1 current',
  ])
})

it('a key that was made by who had not seen a newer one is none', () => {
  expect(states(key(2, 0), key(1, 0))).toEqual(['2 current'])
})
