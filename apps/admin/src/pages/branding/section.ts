// Branding: how the pages and mails of the organisation look.

import { lazyPage } from '../../kit/lazy-page.tsx'
import type { Section } from '../../section.ts'

export const branding: Section = {
  title: 'Branding',
  path: '/branding',
  least: 'viewer',
  pages: [{ path: '/branding', page: lazyPage(() => import('./branding.tsx'), 'Branding') }],
}
