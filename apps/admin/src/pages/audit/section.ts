// The audit log: who did what, for owners alone.

import { lazyPage } from '../../kit/lazy-page.tsx'
import type { Section } from '../../section.ts'

export const audit: Section = {
  title: 'Audit log',
  path: '/audit',
  least: 'owner',
  pages: [{ path: '/audit', page: lazyPage(() => import('./audit-log.tsx'), 'AuditLog') }],
}
