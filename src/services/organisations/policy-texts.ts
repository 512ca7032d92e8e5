// The texts of policies: what may stand in one, which language a reader gets, and the digest that names it.

import { hash } from 'node:crypto'
import { type Locale, locales, pickLocale } from '../../shared/locale.ts'
import type { PolicyTexts } from '../../stores/policies.ts'

/** Of one text, in bytes of UTF-8. */
export const MAX_POLICY_BYTES = 64 * 1024

export type TextProblem = { path: string; message: string }

/** What is wrong with the texts; nothing when all may be stored. They come from outside. */
export function textProblems(texts: { readonly [locale: string]: string }): TextProblem[] {
  return Object.entries(texts).flatMap(([locale, text]) => {
    const message = isLocale(locale)
      ? problemOf(text)
      : `is no language that pages are written in; there are ${locales.join(', ')}`
    return message ? [{ path: `texts.${locale}`, message }] : []
  })
}

function isLocale(text: string): text is Locale {
  return locales.some((locale) => locale === text)
}

function problemOf(text: string): string | undefined {
  if (text.trim() === '') return 'must not be empty'
  if (Buffer.byteLength(text) > MAX_POLICY_BYTES)
    return `must be at most ${MAX_POLICY_BYTES / 1024} kB`
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text) || !text.isWellFormed())
    return 'must be plain text, without control characters'
  return undefined
}

/** As `sha256sum` prints it of a file with this text. */
export function hashText(text: string): string {
  return hash('sha256', text)
}

/** The text for a reader: in their language, else in the organisation's, else in any that there is. */
export function textFor(
  texts: PolicyTexts,
  { locale, fallback }: { locale: Locale; fallback: string },
): { locale: Locale; text: string } | undefined {
  const wanted = [locale, pickLocale([], fallback), ...locales]
  for (const each of wanted) {
    const text = texts[each]
    if (text !== undefined) return { locale: each, text }
  }
  return undefined
}
