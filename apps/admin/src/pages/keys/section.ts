// Signing keys: what the organisation signs its tokens with.

import { lazyPage } from '../../kit/lazy-page.tsx'
import type { Section } from '../../section.ts'

export const signingKeys: Section = {
  title: 'Signing keys',
  path: '/keys',
  least: 'viewer',
  pages: [{ path: '/keys', page: lazyPage(() => import('./signing-keys.tsx'), 'SigningKeys') }],
}
