// Settings: numbers that an organisation may choose, each within its safe range; how they are read and written.

import { DAY, HOUR, MINUTE, SECOND } from '../../shared/clock.ts'
import { invalidField } from '../../shared/errors.ts'

export type Setting = {
  /** A time, in milliseconds; else things are counted. */
  readonly unit?: 'time'
  /** The default. */
  readonly value: number
  readonly min: number
  readonly max: number
  /** What it is about, for who lists the settings. */
  readonly why: string
}

/** Settings by their names. */
export type SettingTable = { readonly [name: string]: Setting }

/** A number for each setting of the table, times in milliseconds. */
export type SettingValues<Table extends SettingTable> = { readonly [Name in keyof Table]: number }

/** What an organisation chose in place of defaults. */
export type Overrides = { readonly [name: string]: number }

/** What was resolved before: a sign-in asks ten times, and overrides are replaced, never changed. */
const resolved = new WeakMap<SettingTable, WeakMap<Overrides, SettingValues<SettingTable>>>()
const NONE: Overrides = {}

/** The defaults with an organisation's overrides; a value outside its range is a TypeError. */
export function resolveSettings<Table extends SettingTable>(
  table: Table,
  overrides: Overrides = NONE,
): SettingValues<Table> {
  const known = resolved.get(table) ?? new WeakMap<Overrides, SettingValues<SettingTable>>()
  resolved.set(table, known)
  const values = known.get(overrides) ?? resolve(table, overrides)
  known.set(overrides, values)
  return values as SettingValues<Table> // resolved of this table
}

function resolve<Table extends SettingTable>(
  table: Table,
  overrides: Overrides,
): SettingValues<Table> {
  const entries = Object.entries(table).map(([name, setting]) => {
    const value = overrides[name] ?? setting.value
    if (value < setting.min || value > setting.max)
      throw new TypeError(`${name} must lie between ${setting.min} and ${setting.max}`)
    return [name, value]
  })
  return Object.fromEntries(entries) as SettingValues<Table> // the keys are exactly those of the table
}

/** `sendsPer10Minutes` as the Admin API writes it: `sends_per_10_minutes`. */
export function inSnakeCase(name: string): string {
  return name.replace(/[A-Z]|\d+/g, (part) => `_${part.toLowerCase()}`)
}

/** Everything that is wrong with overrides from outside: unknown names, and values out of their range. */
export function overrideProblems(
  table: SettingTable,
  overrides: Overrides = {},
): { path: string; message: string }[] {
  const settings = new Map(Object.entries(table))
  return Object.entries(overrides).flatMap(([name, value]) => {
    const setting = settings.get(name)
    const path = `settings.${inSnakeCase(name)}`
    if (!setting) return [{ path, message: 'is no setting' }]
    const { min, max } = setting
    if (Number.isInteger(value) && value >= min && value <= max) return []
    const kind = setting.unit === 'time' ? 'a time' : 'a whole number'
    const range = `${settingText(setting, min)} and ${settingText(setting, max)}`
    return [{ path, message: `must be ${kind} between ${range}` }]
  })
}

/** A value as people write it: a number, or a time with its unit. Throws `invalid_fields`. */
export function readSetting(name: string, setting: Setting, text: string): number {
  const refuse = (message: string) => invalidField(name, message)
  const isTime = setting.unit === 'time'
  const value = isTime ? timeOf(text) : wholeNumberOf(text)
  if (value === undefined)
    throw refuse(isTime ? 'must be a time such as 90s, 10m, 12h or 14d' : 'must be a number')
  if (value < setting.min || value > setting.max)
    throw refuse(
      `must lie between ${settingText(setting, setting.min)} and ${settingText(setting, setting.max)}`,
    )
  return value
}

const units = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY }

/** The value as `readSetting` reads it. */
export function settingText({ unit }: Setting, value: number): string {
  if (unit !== 'time' || value === 0) return unit === 'time' ? '0s' : String(value)
  const [name, size] = Object.entries(units)
    .filter(([, each]) => value % each === 0)
    .at(-1) ?? ['ms', 1]
  return `${value / size}${name}`
}

function timeOf(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,6})(ms|s|m|h|d)$/.exec(text) ?? []
  return count && unit ? Number(count) * units[unit as keyof typeof units] : undefined // one of them, as just matched
}

function wholeNumberOf(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}
