// Accounts in the Admin API: who signs in, what they have open, and what they allowed.

import { z } from 'zod'
import { instant, pageOf, pageQuery } from '../shapes.ts'
import { operation } from './operation.ts'

const TAG = 'Accounts'
const PATH = '/organisations/{slug}/accounts'

const fields = {
  id: z.string().meta({ description: 'The `sub` of its tokens.' }),
  email: z.string(),
  customer_id: z.string().nullable(),
  locale: z.string().nullable(),
  created_at: instant,
  last_sign_in_at: instant,
  disabled_at: instant.nullable(),
}

export const account = z.object(fields).meta({ id: 'Account' })

export const permission = z
  .object({
    client_id: z.string(),
    client_name: z.string().nullable().meta({ description: 'Null when the client is no more.' }),
    first_party: z.boolean().meta({ description: 'Of the business: nobody was asked.' }),
    scopes: z.array(z.string()),
    since: instant,
    live_grants: z.int().meta({ description: 'In how many sessions it is in use.' }),
  })
  .meta({ id: 'Permission' })

const accountDetails = z
  .object({
    ...fields,
    live_sessions: z.int(),
    last_activity_at: instant.meta({
      description: 'The last sign-in, or use of a session; exact to an hour.',
    }),
    permissions: z.array(permission),
  })
  .meta({ id: 'AccountDetails' })

export const listAccounts = operation({
  id: 'listAccounts',
  method: 'GET',
  path: PATH,
  tag: TAG,
  summary: 'List accounts',
  description: 'By address.',
  needs: ['read', 'accounts'],
  query: pageQuery.extend({
    q: z
      .string()
      .max(320)
      .optional()
      .meta({ description: 'How the address begins, or the id (`acc_…`).' }),
  }),
  answer: pageOf(account),
})

export const showAccount = operation({
  id: 'showAccount',
  method: 'GET',
  path: `${PATH}/{id}`,
  tag: TAG,
  summary: 'Read an account',
  needs: ['read', 'accounts'],
  answer: accountDetails,
})

export const eraseAccount = operation({
  id: 'eraseAccount',
  method: 'DELETE',
  path: `${PATH}/{id}`,
  tag: TAG,
  summary: 'Erase an account',
  description:
    'For ever, with its sessions and permissions, and with the customer whom it is linked to. Whoever signs in with the address later is a new account.',
  needs: ['remove', 'accounts'],
  answer: z.object({ id: z.string() }),
})

export const disableAccount = operation({
  id: 'disableAccount',
  method: 'POST',
  path: `${PATH}/{id}/disable`,
  tag: TAG,
  summary: 'Disable an account',
  description: 'Ends every session and grant of it, and lets nobody sign in to it.',
  needs: ['change', 'accounts'],
  answer: account,
})

export const enableAccount = operation({
  id: 'enableAccount',
  method: 'POST',
  path: `${PATH}/{id}/enable`,
  tag: TAG,
  summary: 'Enable an account',
  description: 'What was ended stays ended.',
  needs: ['change', 'accounts'],
  answer: account,
})

export const signOutAccount = operation({
  id: 'signOutAccount',
  method: 'POST',
  path: `${PATH}/{id}/sign-out`,
  tag: TAG,
  summary: 'Sign an account out everywhere',
  description: 'Ends every session and grant of it, also those that outlive sessions.',
  needs: ['change', 'accounts'],
  answer: z.object({ ended: z.int().meta({ description: 'How many sessions.' }) }),
})

export const listPermissions = operation({
  id: 'listPermissions',
  method: 'GET',
  path: `${PATH}/{id}/permissions`,
  tag: TAG,
  summary: 'List what an account has allowed',
  description: 'Applications that were allowed something, and the business’s own that are in use.',
  needs: ['read', 'accounts'],
  answer: pageOf(permission),
})

export const removePermission = operation({
  id: 'removePermission',
  method: 'DELETE',
  path: `${PATH}/{id}/permissions/{client}`,
  tag: TAG,
  summary: 'Remove a permission',
  description:
    'Revokes every grant that the account has given the client: its tokens are refused, and it has to ask again.',
  needs: ['change', 'accounts'],
  answer: z.object({ client_id: z.string() }),
})
