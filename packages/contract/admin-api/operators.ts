// Operators in the Admin API: who looks after an organisation or all of them, and who is invited to.

import { z } from 'zod'
import { instant, pageOf, pageQuery } from '../shapes.ts'
import { roles } from './access.ts'
import { operation } from './operation.ts'

const OPERATORS = '/organisations/{slug}/operators'
const INVITATIONS = '/organisations/{slug}/invitations'
const TAG = 'Operators'
const PLATFORM_TAG = 'Platform'

const operator = z
  .object({
    id: z.string(),
    email: z.string(),
    role: z.enum([...roles, 'platform-owner']),
    created_at: instant,
  })
  .meta({ id: 'Operator' })

const invitation = operator
  .extend({ invited_by: z.string(), expires_at: instant })
  .meta({ id: 'Invitation' })

const email = z.string().max(320)
const locale = z
  .string()
  .max(35)
  .optional()
  .meta({ description: 'Of the mail; else the language of the organisation.' })

export const listOperators = operation({
  id: 'listOperators',
  method: 'GET',
  path: OPERATORS,
  tag: TAG,
  summary: 'List the operators of an organisation',
  description: 'In the order in which they came, without the platform owners.',
  needs: ['read', 'operators'],
  query: pageQuery,
  answer: pageOf(operator),
})

export const changeOperator = operation({
  id: 'changeOperator',
  method: 'PATCH',
  path: `${OPERATORS}/{id}`,
  tag: TAG,
  summary: 'Give an operator another role',
  needs: ['change', 'operators'],
  body: z.strictObject({ role: z.enum(roles) }),
  answer: operator,
  refuses: ['last_owner', 'conflict'],
})

export const removeOperator = operation({
  id: 'removeOperator',
  method: 'DELETE',
  path: `${OPERATORS}/{id}`,
  tag: TAG,
  summary: 'Take an operator’s role away',
  description: 'Counts at once, also for tokens that they hold.',
  needs: ['remove', 'operators'],
  answer: operator,
  refuses: ['last_owner', 'conflict'],
})

export const listInvitations = operation({
  id: 'listInvitations',
  method: 'GET',
  path: INVITATIONS,
  tag: TAG,
  summary: 'List who is invited',
  description: 'Invitations that can still be accepted, the oldest first.',
  needs: ['read', 'operators'],
  query: pageQuery,
  answer: pageOf(invitation),
})

export const createInvitation = operation({
  id: 'createInvitation',
  method: 'POST',
  path: INVITATIONS,
  tag: TAG,
  summary: 'Invite an address',
  description:
    'Mails a link that works once, for seven days and for this address alone. An earlier one for the address ends.',
  needs: ['create', 'operators'],
  body: z.strictObject({ email, role: z.enum(roles), locale }),
  answer: invitation,
  status: 201,
  idempotent: true,
})

export const withdrawInvitation = operation({
  id: 'withdrawInvitation',
  method: 'DELETE',
  path: `${INVITATIONS}/{id}`,
  tag: TAG,
  summary: 'Withdraw an invitation',
  needs: ['remove', 'operators'],
  answer: invitation,
})

export const listPlatformOperators = operation({
  id: 'listPlatformOperators',
  method: 'GET',
  path: '/operators',
  tag: PLATFORM_TAG,
  summary: 'List the platform owners',
  needs: ['read', 'operators'],
  query: pageQuery,
  answer: pageOf(operator),
})

export const removePlatformOperator = operation({
  id: 'removePlatformOperator',
  method: 'DELETE',
  path: '/operators/{id}',
  tag: PLATFORM_TAG,
  summary: 'Make somebody a platform owner no more',
  needs: ['remove', 'operators'],
  answer: operator,
  refuses: ['last_owner', 'conflict'],
})

export const listPlatformInvitations = operation({
  id: 'listPlatformInvitations',
  method: 'GET',
  path: '/invitations',
  tag: PLATFORM_TAG,
  summary: 'List who is invited to own the platform',
  needs: ['read', 'operators'],
  query: pageQuery,
  answer: pageOf(invitation),
})

export const createPlatformInvitation = operation({
  id: 'createPlatformInvitation',
  method: 'POST',
  path: '/invitations',
  tag: PLATFORM_TAG,
  summary: 'Invite an address to own the platform',
  needs: ['create', 'operators'],
  body: z.strictObject({ email, locale }),
  answer: invitation,
  status: 201,
  idempotent: true,
})

export const withdrawPlatformInvitation = operation({
  id: 'withdrawPlatformInvitation',
  method: 'DELETE',
  path: '/invitations/{id}',
  tag: PLATFORM_TAG,
  summary: 'Withdraw an invitation to own the platform',
  needs: ['remove', 'operators'],
  answer: invitation,
})
