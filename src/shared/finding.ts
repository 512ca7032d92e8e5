// What an examination of an installation found: one thing looked at, how it is, and how to mend it.

import { type Clock, SECOND } from './clock.ts'

export type Finding = {
  /** What was looked at: the part, a full stop, the question, such as `redis.version`. */
  check: string
  /** `problem`: something does not work, or is not safe. `warning`: it works, and will hurt one day. */
  severity: 'ok' | 'warning' | 'problem'
  /** How it is, in a sentence. Never holds a secret. */
  message: string
  /** What to do about it; there unless all is well. */
  remedy?: string
}

export function ok(check: string, message: string): Finding {
  return { check, severity: 'ok', message }
}

export function warning(check: string, message: string, remedy: string): Finding {
  return { check, severity: 'warning', message, remedy }
}

export function problem(check: string, message: string, remedy: string): Finding {
  return { check, severity: 'problem', message, remedy }
}

/** Clocks further apart than this mislead somebody: assertions and proofs are judged within a few seconds. */
const TOLERANCE = 5 * SECOND

/** Asks `theirs` for the time and compares it with `clock`, at the middle of the question's way. */
export async function compareClocks(
  check: string,
  clock: Clock,
  theirs: () => Promise<number>,
): Promise<Finding> {
  const before = clock.now()
  const told = await theirs()
  const away = told - (before + clock.now()) / 2
  const seconds = (Math.abs(away) / SECOND).toFixed(1)
  if (Math.abs(away) <= TOLERANCE) return ok(check, `${seconds} s apart from this machine`)
  return warning(
    check,
    `${seconds} s ${away > 0 ? 'ahead of' : 'behind'} this machine`,
    'Let both machines follow the same time service (NTP).',
  )
}

/** What a library said, in its own words: of what was wrapped, the innermost. */
export function reasonOf(error: unknown): string {
  const { cause, message } = Object(error) as { cause?: unknown; message?: unknown } // of anything that was thrown
  return cause === undefined ? String(message ?? error) : reasonOf(cause)
}
