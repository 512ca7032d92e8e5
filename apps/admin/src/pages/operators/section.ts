// Operators: who looks after the organisation, and who is invited to.

import { lazyPage } from '../../kit/lazy-page.tsx'
import type { Section } from '../../section.ts'

export const operators: Section = {
  title: 'Operators',
  path: '/operators',
  least: 'viewer',
  pages: [{ path: '/operators', page: lazyPage(() => import('./operators.tsx'), 'Operators') }],
}
