// The overview: where every visit begins.

import { lazyPage } from '../../kit/lazy-page.tsx'
import type { Section } from '../../section.ts'

export const overview: Section = {
  title: 'Overview',
  path: '',
  least: 'viewer',
  pages: [{ path: '', page: lazyPage(() => import('./overview.tsx'), 'Overview') }],
}
