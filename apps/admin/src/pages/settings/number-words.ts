// The settings in words: what each is called, which stand together, and times as people write them.

import type { adminApi } from '@foyer/contract'

export type Setting = adminApi.DataOf<typeof adminApi.settings.listSettings>['settings'][number]

type Group = {
  title: string
  lead: string
  /** What each setting is called, by its name. */
  labels: { readonly [setting: string]: string }
}

const groups: readonly Group[] = [
  {
    title: 'Codes',
    lead: 'What is mailed when somebody signs in. Codes that live longer than 10 minutes have 8 digits; one that is not in the subject stays off lock screens.',
    labels: {
      code_length: 'Digits of a code',
      code_life: 'Life of a code',
      tries_per_challenge: 'Tries of one sign-in',
      resend_after: 'Wait before another mail',
      code_in_subject: 'Code in the subject',
    },
  },
  {
    title: 'Mails',
    lead: 'How many are sent before somebody has to wait.',
    labels: {
      sends_per_10_minutes: 'To one address in 10 minutes',
      sends_per_hour: 'To one address in an hour',
      sends_per_day: 'To one address in a day',
      sends_per_source: 'Asked for by one source',
      sends_per_organisation: 'Of the organisation',
      sends_to_known_browsers: 'Kept for known browsers',
    },
  },
  {
    title: 'Wrong codes',
    lead: 'What keeps a code from being guessed. A chance of more than 1 in 10,000 per address and day is refused.',
    labels: {
      guess_budget: 'Wrong codes of an address',
      guess_lock: 'Lock of an address',
      known_browser_guesses: 'Wrong codes of a known browser',
      known_browsers: 'Known browsers of an address',
      known_browser_life: 'How long a browser is known',
      guesses_per_hour: 'Wrong codes in an hour',
      guesses_per_day: 'Wrong codes in a day',
      tarpit_after: 'Slower after so many',
      tarpit_step: 'Slower by',
      tarpit_limit: 'Slowed down at most by',
      reviewer_guesses: 'Wrong codes of a reviewer',
    },
  },
  {
    title: 'Sessions',
    lead: 'How long customers stay signed in.',
    labels: {
      session_idle: 'Unused session',
      session_absolute: 'Session',
      session_transient: 'Session of who does not stay signed in',
      sessions_per_account: 'Sessions of an account',
    },
  },
  {
    title: 'Tokens and keys',
    lead: 'A client may have life times of its own for access, ID and refresh tokens.',
    labels: {
      access_token: 'Access token',
      id_token: 'ID token',
      refresh_idle: 'Unused refresh token',
      refresh_absolute: 'Refresh token',
      refresh_window: 'Repeat of a lost refresh',
      key_rotation: 'Signing key',
      hand_off: 'Hand-off to a browser',
    },
  },
]

const labels = new Map(groups.flatMap((group) => Object.entries(group.labels)))

export function labelOf(name: string): string {
  return labels.get(name) ?? name.replaceAll('_', ' ')
}

/** In their groups; one that a newer server knows stands in the last. */
export function grouped(settings: readonly Setting[]) {
  const others = settings.filter(({ name }) => !labels.has(name))
  return groups.map(({ title, lead, labels: own }, at) => ({
    title,
    lead,
    settings: [
      ...Object.keys(own).flatMap((name) => settings.filter((each) => each.name === name)),
      ...(at === groups.length - 1 ? others : []),
    ],
  }))
}

/** Where the server names settings in a sentence, as `guessBudget`, they get the names of the page. */
export function inWords(text: string): string {
  return text.replace(/\b[a-z]+(?:[A-Z][a-z0-9]*)+\b/g, (word) => {
    const name = word.replace(/[A-Z]|\d+/g, (part) => `_${part.toLowerCase()}`)
    return labels.has(name) ? `“${labelOf(name)}”` : word
  })
}

/** In milliseconds. */
const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** As `readValue` reads it: `10m`, or a number. */
export function textOf({ unit }: Pick<Setting, 'unit'>, value: number): string {
  if (unit === 'count') return String(value)
  const time = Math.round(value * 1000)
  const fitting = Object.entries(units).filter(([, size]) => time > 0 && time % size === 0)
  const [name, size] = fitting.at(-1) ?? ['s', units.s]
  return `${time / size}${name}`
}

/** What was entered, times in seconds; undefined for what is none. */
export function readValue({ unit }: Pick<Setting, 'unit'>, text: string): number | undefined {
  const typed = text.replace(/\s/g, '')
  if (unit === 'count') return /^\d{1,9}$/.test(typed) ? Number(typed) : undefined
  const [, count, name] = /^(\d{1,6})(ms|s|m|h|d)$/.exec(typed) ?? []
  const size = units[name as keyof typeof units] as number | undefined // one of them, as just matched
  return count === undefined || size === undefined ? undefined : (Number(count) * size) / 1000
}

/** What is wrong with what was entered, in a sentence. */
export function problemOf(setting: Setting, text: string): string | undefined {
  const value = readValue(setting, text)
  const label = labelOf(setting.name)
  if (value === undefined)
    return setting.unit === 'count'
      ? `${label}: write a whole number.`
      : `${label}: write a time, such as 90s, 10m, 12h or 14d.`
  const [least, most] = [textOf(setting, setting.min), textOf(setting, setting.max)]
  if (value < setting.min) return `${label}: ${least} is the least.`
  return value > setting.max ? `${label}: ${most} is the most.` : undefined
}

/** Whether it is only put on or off. */
export function isSwitch({ unit, min, max }: Setting): boolean {
  return unit === 'count' && min === 0 && max === 1
}
