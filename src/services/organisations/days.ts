// Days of a calendar, as they are counted: `2026-11-21`, in a time zone.

import { DAY } from '../../shared/clock.ts'

/** One for each zone in use: making a format costs more than asking it. */
const formats = new Map<string, Intl.DateTimeFormat>()

/** The day of an instant in an IANA time zone. */
export function dayOf(at: number, timeZone: string): string {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    })
    formats.set(timeZone, format)
  }
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`
}

/** So many days up to this one, the earliest first. */
export function daysUpTo(last: string, count: number): string[] {
  // Days of the calendar have no clock changes: reckoned in UTC.
  const end = Date.parse(`${last}T00:00:00Z`)
  return Array.from({ length: count }, (_, at) =>
    new Date(end - (count - 1 - at) * DAY).toISOString().slice(0, 10),
  )
}
