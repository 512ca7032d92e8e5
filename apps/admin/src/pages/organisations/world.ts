// Languages, currencies and time zones to choose from, by the names that the browser has for them.

import type { Option } from '../../kit/select.tsx'

/** The browser's own time zone. */
export const here = Intl.DateTimeFormat().resolvedOptions().timeZone

function named(kind: 'language' | 'currency', codes: readonly string[]): Option[] {
  const names = new Intl.DisplayNames(undefined, { type: kind })
  return codes
    .map((code) => ({ value: code, label: `${names.of(code)} (${code})` }))
    .sort((one, other) => one.label.localeCompare(other.label))
}

/** Those that the sign-in pages speak. */
export const languages = named('language', ['en', 'de', 'ar'])
export const currencies = named('currency', Intl.supportedValuesOf('currency'))
export const timeZones = [...new Set([here, 'UTC', ...Intl.supportedValuesOf('timeZone')])]
  .sort()
  .map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))

/** With what is chosen already, as a variety of a language that was named on the command line. */
export function including(options: readonly Option[], value: string): readonly Option[] {
  const isThere = options.some((each) => each.value === value)
  return isThere ? options : [{ value, label: value }, ...options]
}
