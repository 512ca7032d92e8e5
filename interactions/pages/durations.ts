// How long something takes, in words.

import { HOUR, MINUTE, SECOND } from '../../src/shared/clock.ts'
import type { Locale } from '../../src/shared/locale.ts'

/** From here on nobody waits by the clock. */
const LONG = 2 * HOUR

/** Milliseconds: in whole hours where it is some, else in minutes. */
export function timeText(milliseconds: number, locale: Locale): string {
  const isHours = milliseconds % HOUR === 0
  const format = formatFor(locale, isHours ? 'hour' : 'minute')
  return format.format(milliseconds / (isHours ? HOUR : MINUTE))
}

/** One for each language and unit: making a format costs a third of a page. */
const formats = new Map<string, Intl.NumberFormat>()

function formatFor(locale: Locale, unit: 'hour' | 'minute'): Intl.NumberFormat {
  const key = `${locale} ${unit}`
  const style = { style: 'unit', unit, unitDisplay: 'long' } as const
  const format = formats.get(key) ?? new Intl.NumberFormat(locale, style)
  formats.set(key, format)
  return format
}

/** How long somebody has to wait, in seconds: never less than it is. */
export function waitText(seconds: number, locale: Locale): string {
  const step = seconds * SECOND > LONG ? HOUR : MINUTE
  return timeText(Math.ceil((seconds * SECOND) / step) * step, locale)
}
