// Other days: the engine and our stores read the machine's date, so it is that which is moved.

import { jest } from '@jest/globals'

const DAY = 24 * 60 * 60_000

/** Everything that waits goes on by the real clock. */
export const realTimers = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const

/** Does something so many days from now. */
export async function inDays<T>(days: number, run: () => Promise<T>): Promise<T> {
  jest.useFakeTimers({ doNotFake: [...realTimers], now: Date.now() + days * DAY })
  try {
    return await run()
  } finally {
    jest.useRealTimers()
  }
}
