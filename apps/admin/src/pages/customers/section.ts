// Customers: the business's records of people.

import { lazyPage } from '../../kit/lazy-page.tsx'
import { type Section, searchIn } from '../../section.ts'
import { type Customer, nameOf } from '../people/person.ts'

export const customers: Section = {
  title: 'Customers',
  path: '/customers',
  least: 'viewer',
  pages: [
    { path: '/customers', page: lazyPage(() => import('./customer-list.tsx'), 'CustomerList') },
    { path: '/customers/new', page: lazyPage(() => import('./new-customer.tsx'), 'NewCustomer') },
    { path: '/customers/:id', page: lazyPage(() => import('./customer-page.tsx'), 'CustomerPage') },
  ],
  search: searchIn<Customer>('/customers', (customer) => ({
    id: customer.id,
    title: nameOf(customer),
    detail: nameOf(customer) === customer.email ? 'Customer' : `Customer · ${customer.email}`,
    href: `/customers/${customer.id}`,
  })),
}
