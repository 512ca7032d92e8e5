// When secrets of clients end: how long they live, and when their operators hear of it.

import { DAY } from '../../../shared/clock.ts'
import type { ClientSecret } from '../../../stores/clients.ts'

/** How long a secret is good, unless the operator says otherwise. */
export const SECRET_LIFE = 180 * DAY
export const MAX_SECRET_LIFE = 400 * DAY

/** Days before its end on which operators are told. */
export const warningDays = [30, 7, 1] as const
export type WarningDays = (typeof warningDays)[number]

const SOON = 30 * DAY

/** Whether something ends within the next thirty days, or has ended. */
export function endsSoon(expiresAt: number | undefined, now: number): boolean {
  return expiresAt !== undefined && expiresAt - now <= SOON
}

/** The next instant after `now` at which there is something to tell; `undefined` when there is none. */
export function nextWarning(secrets: readonly ClientSecret[], now: number): number | undefined {
  const instants = secrets.flatMap(({ expiresAt }) =>
    expiresAt === undefined ? [] : warningDays.map((days) => expiresAt - days * DAY),
  )
  const ahead = instants.filter((at) => at > now)
  return ahead.length > 0 ? Math.min(...ahead) : undefined
}

/** What is to be told of each secret: of several warnings that became due since then, the last. */
export function dueWarnings(
  secrets: readonly ClientSecret[],
  { since, now }: { since: number; now: number },
): { secret: ClientSecret; days: WarningDays }[] {
  return secrets.flatMap((secret) => {
    const { expiresAt } = secret
    if (expiresAt === undefined || expiresAt <= now) return []
    const due = warningDays.filter((days) => {
      const at = expiresAt - days * DAY
      return at >= since && at <= now
    })
    const days = due.at(-1)
    return days === undefined ? [] : [{ secret, days }]
  })
}

/** What is wrong with the life that was asked for, in milliseconds. */
export function lifeProblem(life: number): string | undefined {
  return Number.isInteger(life) && life >= 1 && life <= MAX_SECRET_LIFE
    ? undefined
    : `at most ${MAX_SECRET_LIFE / DAY} days`
}
