// The mail texts of every language.

import { type Locale, pickLocale } from '../../shared/locale.ts'
import { ar } from './ar.ts'
import { de } from './de.ts'
import { en, type Messages } from './en.ts'

const catalogue: { readonly [locale in Locale]: Messages } = { en, de, ar }

/** The texts in the wanted language, or in the one that comes closest. */
export function messagesFor(locale: string): { messages: Messages; locale: Locale } {
  const picked = pickLocale([locale], 'en')
  return { messages: catalogue[picked], locale: picked }
}
