// API keys: what programs show to the Admin API, for owners alone.

import { lazyPage } from '../../kit/lazy-page.tsx'
import type { Section } from '../../section.ts'

export const apiKeys: Section = {
  title: 'API keys',
  path: '/api-keys',
  least: 'owner',
  pages: [
    { path: '/api-keys', page: lazyPage(() => import('./api-key-list.tsx'), 'ApiKeyList') },
    { path: '/api-keys/new', page: lazyPage(() => import('./new-api-key.tsx'), 'NewApiKey') },
  ],
}
