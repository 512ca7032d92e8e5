// How long something took, where others keep the machine busy, too.

import { expect } from '@jest/globals'

/** Milliseconds. */
const BEAT = 20

/**
 * Starts now. The function that it returns stops it and tells the milliseconds, without those in which this process
 * neither waited nor worked, because it was not given the machine. What the process itself works counts.
 */
export function startStopwatch(): () => number {
  const began = performance.now()
  let last = { at: began, worked: worked() }
  let lost = 0
  function beat(): void {
    const now = { at: performance.now(), worked: worked() }
    lost += Math.max(0, now.at - last.at - BEAT - (now.worked - last.worked))
    last = now
  }
  const beating = setInterval(beat, BEAT).unref()
  return () => {
    clearInterval(beating)
    beat()
    return performance.now() - began - lost
  }
}

/** CPU time of all threads, in milliseconds. */
function worked(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Does it, and expects it to take less than so many milliseconds. */
export async function expectWithin<T>(limit: number, act: () => T | Promise<T>): Promise<T> {
  const taken = startStopwatch()
  const result = await act()
  expect(taken()).toBeLessThan(limit)
  return result
}

/** The least of a few times, in milliseconds; the first one that is short enough is enough. */
export async function quickestOf(
  tries: number,
  { within, run }: { within: number; run: () => Promise<number> },
): Promise<number> {
  let quickest = Number.POSITIVE_INFINITY
  for (let at = 0; at < tries && quickest > within; at += 1)
    quickest = Math.min(quickest, await run())
  return quickest
}
