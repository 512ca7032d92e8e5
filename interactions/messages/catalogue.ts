// The page texts of every language.

import type { Locale } from '../../src/shared/locale.ts'
import { ar } from './ar.ts'
import { de } from './de.ts'
import { en, type Messages } from './en.ts'

export const catalogue: { readonly [locale in Locale]: Messages } = { en, de, ar }
