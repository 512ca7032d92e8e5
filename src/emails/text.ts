// Words for the text part: names made harmless, times written out.

import type { Locale } from '../shared/locale.ts'
import type { PolicyLink } from '../shared/policy-kinds.ts'
import type { SupportLink } from '../shared/support.ts'
import { messagesFor } from './messages/catalogue.ts'

const MAX_NAME = 80

/**
 * A name from outside, fit for a subject line: no control characters (a line break would begin a header of
 * its own), nothing that turns the text round, and no run of digits that could be taken for the code.
 */
export function inert(name: string): string {
  return name
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\d{6,}/g, (digits) => `${digits.slice(0, 2)}…`)
    .trim()
    .slice(0, MAX_NAME)
}

/** What stands below every mail to a customer. */
export type Footer = {
  policies?: readonly PolicyLink[] | undefined
  support?: readonly SupportLink[] | undefined
}

/** How the text part ends: whom it comes from, and where their policies and their help are. */
export function signature(
  brand: string,
  { policies = [], support = [], locale }: Footer & { locale: Locale },
): string[] {
  const { messages } = messagesFor(locale)
  const lines = [
    ...policies.map(({ kind, href }) => `${messages.policies[kind]}: ${href}`),
    ...support.map(({ href, address }) => `${messages.help}: ${address ?? href}`),
  ]
  return lines.length === 0 ? [brand] : [brand, lines.join('\n')]
}

/** Such as "21 November 2026 at 09:41 GMT": date and time in a zone that is named. */
export function timeText(at: number, place: { locale: string; timeZone: string }): string {
  return formatFor(place).format(at)
}

/** One for each language and zone in use: making a format costs more than the rest of a mail. */
const formats = new Map<string, Intl.DateTimeFormat>()

function formatFor({ locale, timeZone }: { locale: string; timeZone: string }) {
  const key = `${locale} ${timeZone}`
  const known = formats.get(key)
  if (known) return known
  const format = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
    timeZoneName: 'short',
    numberingSystem: 'latn',
  })
  formats.set(key, format)
  return format
}
