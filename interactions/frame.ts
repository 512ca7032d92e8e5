// What every page of an organisation is told: the language, the brand, and where its policies are.

import { brandingOf } from '../src/services/organisations/branding.ts'
import type { Locale } from '../src/shared/locale.ts'
import type { Organisation } from '../src/stores/organisations.ts'
import type { PageFrame } from './pages/layout.ts'

/** Without the addresses of the page itself. */
export function frameOf(parts: {
  organisation: Organisation
  issuer: string
  locale: Locale
}): PageFrame {
  const { organisation, issuer, locale } = parts
  return { locale, ...brandingOf(organisation, issuer) }
}
