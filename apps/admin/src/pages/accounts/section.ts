// Accounts: who signs in.

import { lazyPage } from '../../kit/lazy-page.tsx'
import { type Section, searchIn } from '../../section.ts'
import type { Account } from '../people/person.ts'

export const accounts: Section = {
  title: 'Accounts',
  path: '/accounts',
  least: 'viewer',
  pages: [
    { path: '/accounts', page: lazyPage(() => import('./account-list.tsx'), 'AccountList') },
    { path: '/accounts/:id', page: lazyPage(() => import('./account-page.tsx'), 'AccountPage') },
  ],
  search: searchIn<Account>('/accounts', ({ id, email }) => ({
    id,
    title: email,
    detail: 'Account',
    href: `/accounts/${id}`,
  })),
}
