// Countries and time zones to choose from, as the browser knows them.

import type { Option } from '../../kit/select.tsx'

const NONE: Option = { value: '', label: 'Not known' }

/** Codes that stand for no country, though they have a name. */
const noCountries = new Set(['EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ'])
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

function allCountries(): Option[] {
  const names = new Intl.DisplayNames(undefined, { type: 'region', fallback: 'none' })
  const codes = letters.flatMap((one) => letters.map((other) => `${one}${other}`))
  // Of a code that was replaced, such as BU for Burma, the newer one is shown.
  const isCurrent = (code: string): boolean => new Intl.Locale(`und-${code}`).region === code
  return codes
    .filter((code) => names.of(code) && !noCountries.has(code) && isCurrent(code))
    .map((code) => ({ value: code, label: names.of(code) ?? code }))
    .sort((one, other) => one.label.localeCompare(other.label))
}

const countries = allCountries()
const timeZones: readonly Option[] = ['UTC', ...Intl.supportedValuesOf('timeZone')]
  .sort()
  .map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))

/** With the one that is kept, should the browser not know it. */
function withKept(options: readonly Option[], kept: string): readonly Option[] {
  const isKnown = kept === '' || options.some(({ value }) => value === kept)
  return [NONE, ...(isKnown ? [] : [{ value: kept, label: kept }]), ...options]
}

export const countriesWith = (kept: string): readonly Option[] => withKept(countries, kept)
export const timeZonesWith = (kept: string): readonly Option[] => withKept(timeZones, kept)

export function countryName(code: string): string {
  return countries.find(({ value }) => value === code)?.label ?? code
}
