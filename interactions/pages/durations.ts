// How long something takes, in words.

import { HOUR, MINUTE, SECOND } from '../../src/shared/clock.ts'
import type { Locale } from '../../src/shared/locale.ts'

/** From here on nobody waits by the clock. */
const LONG = 2 * HOUR

/** Milliseconds: in whole hours where it is some, else in minutes. */
export function timeText(milliseconds: number, locale: Locale): string {
  const isHours = milliseconds % HOUR === 0
  const format = { style: 'unit', unit: isHours ? 'hour' : 'minute', unitDisplay: 'long' } as const
  return new Intl.NumberFormat(locale, format).format(milliseconds / (isHours ? HOUR : MINUTE))
}

/** How long somebody has to wait, in seconds: never less than it is. */
export function waitText(seconds: number, locale: Locale): string {
  const step = seconds * SECOND > LONG ? HOUR : MINUTE
  return timeText(Math.ceil((seconds * SECOND) / step) * step, locale)
}
