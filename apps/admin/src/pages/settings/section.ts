// Settings: what an organisation chooses, where it is reached, and its end.

import { lazyPage } from '../../kit/lazy-page.tsx'
import type { Section } from '../../section.ts'

export const settings: Section = {
  title: 'Settings',
  path: '/settings',
  least: 'viewer',
  pages: [
    { path: '/settings', page: lazyPage(() => import('./general.tsx'), 'General') },
    { path: '/settings/domain', page: lazyPage(() => import('./domain.tsx'), 'Domain') },
    { path: '/settings/sign-in', page: lazyPage(() => import('./numbers.tsx'), 'Numbers') },
    {
      path: '/settings/registration',
      page: lazyPage(() => import('./registration.tsx'), 'Registration'),
    },
    { path: '/settings/end', page: lazyPage(() => import('./end.tsx'), 'End') },
  ],
}
