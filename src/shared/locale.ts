// The languages that pages and mails are written in, and which one a person gets.

export const locales = ['en', 'de', 'ar'] as const

export type Locale = (typeof locales)[number]

/** Each language in its own words, for the language switch. */
export const localeNames: { readonly [locale in Locale]: string } = {
  en: 'English',
  de: 'Deutsch',
  ar: 'العربية',
}

/** The first wanted language that there is, region left aside (RFC 4647, 3.4: lookup). */
export function pickLocale(wanted: readonly string[], fallback: string): Locale {
  for (const tag of [...wanted, fallback]) {
    const language = tag.toLowerCase().split('-', 1)[0]
    const found = locales.find((locale) => locale === language)
    if (found) return found
  }
  return 'en'
}

export function directionOf(locale: Locale): 'ltr' | 'rtl' {
  return locale === 'ar' ? 'rtl' : 'ltr'
}
