// What the Admin API does with OAuth clients.

import { z } from 'zod'
import { pageOf, pageQuery } from '../shapes.ts'
import {
  checkedClient,
  client,
  clientChange,
  clientDetails,
  clientSecret,
  kind,
  newClient,
} from './client-shapes.ts'
import { operation } from './operation.ts'

const problems = z.array(z.object({ path: z.string(), message: z.string() }))

const tag = 'Clients'
const path = '/organisations/{slug}/clients'

export const listClients = operation({
  id: 'listClients',
  method: 'GET',
  path,
  tag,
  summary: 'List clients',
  description: 'The oldest first; by name where they are looked for by name.',
  needs: ['read', 'clients'],
  query: pageQuery.extend({
    q: z
      .string()
      .max(100)
      .optional()
      .meta({ description: 'How the name begins, or the id (`cli_…`).' }),
    kind: kind.optional(),
  }),
  answer: pageOf(client),
})

export const createClient = operation({
  id: 'createClient',
  method: 'POST',
  path,
  tag,
  summary: 'Register a client',
  description: 'Its secret, if it has one, is told this once.',
  needs: ['create', 'clients'],
  body: newClient,
  answer: z.object({ client, client_secret: z.string().nullable() }),
  status: 201,
  idempotent: true,
})

export const checkClient = operation({
  id: 'checkClient',
  method: 'POST',
  path: `${path}/check`,
  tag,
  summary: 'Check a registration',
  description: 'Everything that registering it would refuse; nothing is kept.',
  needs: ['create', 'clients'],
  body: checkedClient,
  answer: z.object({
    problems,
    warnings: problems.meta({
      description: 'What would be registered and may not work: a server that cannot be reached.',
    }),
  }),
})

export const showClient = operation({
  id: 'showClient',
  method: 'GET',
  path: `${path}/{id}`,
  tag,
  summary: 'Read a client',
  description: 'With its secrets, but for their texts, and what breaks without it.',
  needs: ['read', 'clients'],
  answer: clientDetails,
  versioned: true,
})

export const updateClient = operation({
  id: 'updateClient',
  method: 'PATCH',
  path: `${path}/{id}`,
  tag,
  summary: 'Change a client',
  description:
    'A merge patch (RFC 7396). Every process follows within 5 seconds. Origins that were those of the redirect URIs follow them.',
  needs: ['change', 'clients'],
  body: clientChange,
  answer: client,
  versioned: true,
  refuses: ['managed_client'],
})

export const removeClient = operation({
  id: 'removeClient',
  method: 'DELETE',
  path: `${path}/{id}`,
  tag,
  summary: 'Remove a client',
  description: 'For ever: its grants end, and its id is never given again.',
  needs: ['remove', 'clients'],
  answer: z.object({ id: z.string() }),
  refuses: ['managed_client', 'conflict'],
})

const acts = {
  tag,
  needs: ['change', 'clients'],
  refuses: ['managed_client', 'conflict'],
} as const

export const disableClient = operation({
  ...acts,
  id: 'disableClient',
  method: 'POST',
  path: `${path}/{id}/disable`,
  summary: 'Disable a client',
  description: 'Nobody signs in at it, and its tokens are refused, until it is enabled.',
  answer: client,
})

export const enableClient = operation({
  ...acts,
  id: 'enableClient',
  method: 'POST',
  path: `${path}/{id}/enable`,
  summary: 'Enable a client',
  answer: client,
})

export const addClientSecret = operation({
  ...acts,
  id: 'addClientSecret',
  method: 'POST',
  path: `${path}/{id}/secrets`,
  summary: 'Add a secret',
  description: 'Told this once; those there are stay good beside it. At most three are.',
  body: z.strictObject({
    days: z.int().optional().meta({ description: 'How long it is good, at most 400; else 180.' }),
  }),
  answer: z.object({ secret: clientSecret, client_secret: z.string() }),
  status: 201,
  idempotent: true,
})

export const revokeClientSecret = operation({
  ...acts,
  id: 'revokeClientSecret',
  method: 'DELETE',
  path: `${path}/{id}/secrets/{secret}`,
  summary: 'Revoke a secret',
  description: 'It is refused within 5 seconds.',
  answer: client,
})

export const replaceClientKeys = operation({
  ...acts,
  id: 'replaceClientKeys',
  method: 'PUT',
  path: `${path}/{id}/keys`,
  summary: 'Replace its keys',
  description: 'All its public keys from now on: to change one, send old and new for a while.',
  body: z.strictObject({ jwks: z.record(z.string(), z.unknown()) }),
  answer: client,
})
