// What `@jest/globals` is to the tests while mutants are tried: Jest's own parts, outside of Jest's virtual machine.

import { jestExpect } from '@jest/expect'
import { ModernFakeTimers } from '@jest/fake-timers'

export { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } from 'jest-circus'

export const expect = jestExpect

const timers = new ModernFakeTimers({ config: { fakeTimers: {} }, global: globalThis })

/** As much of it as the chosen tests use. */
export const jest = {
  useFakeTimers: (options) => timers.useFakeTimers(options),
  useRealTimers: () => timers.useRealTimers(),
  advanceTimersByTime: (milliseconds) => timers.advanceTimersByTime(milliseconds),
  advanceTimersByTimeAsync: (milliseconds) => timers.advanceTimersByTimeAsync(milliseconds),
}
