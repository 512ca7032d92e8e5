// Clients: the applications that customers sign in to.

import { lazyPage } from '../../kit/lazy-page.tsx'
import { type Section, searchIn } from '../../section.ts'
import type { Client } from './client.ts'

export const clients: Section = {
  title: 'Clients',
  path: '/clients',
  least: 'viewer',
  pages: [
    { path: '/clients', page: lazyPage(() => import('./client-list.tsx'), 'ClientList') },
    { path: '/clients/new', page: lazyPage(() => import('./new-client.tsx'), 'NewClient') },
    {
      path: '/clients/:id/test',
      page: lazyPage(() => import('./tested-client.tsx'), 'TestedClient'),
    },
    { path: '/clients/:id', page: lazyPage(() => import('./client-page.tsx'), 'ClientPage') },
  ],
  search: searchIn<Client>('/clients', ({ id, name }) => ({
    id,
    title: name,
    detail: id,
    href: `/clients/${id}`,
  })),
}
