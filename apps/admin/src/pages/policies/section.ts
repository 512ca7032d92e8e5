// Policies: terms, privacy and refund, in the organisation's own words.

import { lazyPage } from '../../kit/lazy-page.tsx'
import type { Section } from '../../section.ts'

export const policies: Section = {
  title: 'Policies',
  path: '/policies',
  least: 'viewer',
  pages: [
    { path: '/policies', page: lazyPage(() => import('./policy-list.tsx'), 'PolicyList') },
    { path: '/policies/:kind', page: lazyPage(() => import('./policy-page.tsx'), 'PolicyPage') },
  ],
}
