// Days of the browser's own calendar, as date fields have them, and the instants at which they begin.

/** Of `2026-11-21`, as ISO 8601 in UTC; empty for what is no day. */
export function startOf(day: string): string {
  const at = new Date(`${day}T00:00`) // without a zone it is the browser's own
  return Number.isNaN(at.getTime()) ? '' : at.toISOString()
}

/** The day of an instant, or of that many milliseconds later; empty for what is none. */
export function dayOf(instant: string, later = 0): string {
  const at = new Date(Date.parse(instant) + later)
  if (Number.isNaN(at.getTime())) return ''
  const part = (value: number): string => String(value).padStart(2, '0')
  const year = String(at.getFullYear()).padStart(4, '0')
  return `${year}-${part(at.getMonth() + 1)}-${part(at.getDate())}`
}

export function dayAfter(day: string): string {
  const at = new Date(`${day}T00:00`)
  at.setDate(at.getDate() + 1)
  return dayOf(at.toISOString())
}
