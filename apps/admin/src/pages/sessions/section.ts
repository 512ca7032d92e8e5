// Sessions: the browsers in which somebody is signed in.

import { lazyPage } from '../../kit/lazy-page.tsx'
import type { Section } from '../../section.ts'

export const sessions: Section = {
  title: 'Sessions',
  path: '/sessions',
  least: 'viewer',
  pages: [{ path: '/sessions', page: lazyPage(() => import('./session-list.tsx'), 'SessionList') }],
}
