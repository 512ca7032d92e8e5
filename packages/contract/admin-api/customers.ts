// Customers in the Admin API: the business's records of people, and the accounts they are linked to.

import { z } from 'zod'
import { profile, profilePatch } from '../client-api.ts'
import { instant, pageOf, pageQuery } from '../shapes.ts'
import { operation } from './operation.ts'

const TAG = 'Customers'
const PATH = '/organisations/{slug}/customers'

const linkedAccount = z
  .object({
    id: z.string().meta({ description: 'The `sub` of its tokens.' }),
    last_sign_in_at: instant,
    disabled_at: instant.nullable(),
  })
  .meta({ id: 'LinkedAccount' })

const fields = { ...profile.shape, account: linkedAccount.nullable(), version: z.int() }

export const customer = z.object(fields).meta({ id: 'Customer' })

const customerDetails = z
  .object({
    ...fields,
    last_activity_at: instant
      .nullable()
      .meta({ description: 'The last sign-in, or use of a session; exact to an hour.' }),
  })
  .meta({ id: 'CustomerDetails' })

const newCustomer = z
  .strictObject({ email: z.string().max(320), ...profilePatch.shape })
  .meta({ id: 'NewCustomer' })

export const listCustomers = operation({
  id: 'listCustomers',
  method: 'GET',
  path: PATH,
  tag: TAG,
  summary: 'List customers',
  description:
    'By address. Those who are looked for by name: by family name, then by given name, then by address.',
  needs: ['read', 'customers'],
  query: pageQuery.extend({
    q: z.string().max(320).optional().meta({
      description:
        'How an address begins, where it has an `@`; a telephone number, where it is digits; an id (`cus_…`); else a name or an address. Capitals and accents aside.',
    }),
  }),
  answer: pageOf(customer),
})

export const createCustomer = operation({
  id: 'createCustomer',
  method: 'POST',
  path: PATH,
  tag: TAG,
  summary: 'Make a customer',
  description: 'An account with the address is linked when it signs in next.',
  needs: ['create', 'customers'],
  body: newCustomer,
  answer: customer,
  status: 201,
  idempotent: true,
})

export const showCustomer = operation({
  id: 'showCustomer',
  method: 'GET',
  path: `${PATH}/{id}`,
  tag: TAG,
  summary: 'Read a customer',
  needs: ['read', 'customers'],
  answer: customerDetails,
  versioned: true,
})

export const updateCustomer = operation({
  id: 'updateCustomer',
  method: 'PATCH',
  path: `${PATH}/{id}`,
  tag: TAG,
  summary: 'Change a customer',
  description: 'A merge patch (RFC 7396). The address is not changed: it is proven by a code.',
  needs: ['change', 'customers'],
  body: profilePatch,
  answer: customer,
  versioned: true,
})

export const eraseCustomer = operation({
  id: 'eraseCustomer',
  method: 'DELETE',
  path: `${PATH}/{id}`,
  tag: TAG,
  summary: 'Erase a customer',
  description:
    'For ever, with the account that is linked to them, its sessions and permissions, and their enquiries. Orders and bookings stay without the person.',
  needs: ['remove', 'customers'],
  answer: z.object({ id: z.string() }),
})

export const linkCustomer = operation({
  id: 'linkCustomer',
  method: 'PUT',
  path: `${PATH}/{id}/account`,
  tag: TAG,
  summary: 'Link an account to a customer',
  description: 'Each is linked to one other at the most. The Client API follows within 2 seconds.',
  needs: ['change', 'customers'],
  body: z.strictObject({ account_id: z.string().max(100) }),
  answer: customer,
  versioned: true,
})

export const unlinkCustomer = operation({
  id: 'unlinkCustomer',
  method: 'DELETE',
  path: `${PATH}/{id}/account`,
  tag: TAG,
  summary: 'Unlink a customer from their account',
  description:
    'The Client API answers `no_customer` within 2 seconds, and no sign-in links the account again.',
  needs: ['change', 'customers'],
  answer: customer,
  versioned: true,
})
