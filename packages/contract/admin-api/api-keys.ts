// API keys in the Admin API: what programs show to it, of an organisation or of all of them.

import { z } from 'zod'
import { instant, pageOf } from '../shapes.ts'
import { roles } from './access.ts'
import { operation } from './operation.ts'

const KEYS = '/organisations/{slug}/api-keys'
const TAG = 'API keys'
const PLATFORM_TAG = 'Platform'

const apiKey = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.enum([...roles, 'platform-owner']),
    scopes: z.array(z.string()),
    prefix: z.string(),
    hint: z.string().meta({ description: 'Its last four characters.' }),
    created_by: z.string().meta({ description: 'An operator, another key, or the command line.' }),
    created_at: instant,
    expires_at: instant,
    last_used_at: instant.nullable().meta({ description: 'Exact to an hour.' }),
    live: z.boolean().meta({ description: 'It has not expired.' }),
  })
  .meta({ id: 'ApiKey' })

const newKey = apiKey
  .extend({ key: z.string().meta({ description: 'The key itself, this once.' }) })
  .meta({ id: 'NewApiKey' })

const made = z.strictObject({
  name: z.string().max(200),
  role: z.enum(roles).meta({ description: 'At most that of who makes it.' }),
  scopes: z
    .array(z.string().max(100))
    .max(100)
    .meta({ description: 'Such as `clients:read`; a key that makes another passes on its own.' }),
  expires_at: instant.optional().meta({
    description: 'At most 400 days from now; left out: in 90 days, or with the key that makes it.',
  }),
})

export const listApiKeys = operation({
  id: 'listApiKeys',
  method: 'GET',
  path: KEYS,
  tag: TAG,
  summary: 'List the API keys of an organisation',
  description: 'The oldest first, on one page: there are at most 50. Expired ones for 30 days.',
  needs: ['read', 'api-keys'],
  answer: pageOf(apiKey),
})

export const createApiKey = operation({
  id: 'createApiKey',
  method: 'POST',
  path: KEYS,
  tag: TAG,
  summary: 'Make an API key',
  needs: ['create', 'api-keys'],
  body: made,
  answer: newKey,
  status: 201,
  idempotent: true,
  refuses: ['conflict'],
})

export const revokeApiKey = operation({
  id: 'revokeApiKey',
  method: 'DELETE',
  path: `${KEYS}/{id}`,
  tag: TAG,
  summary: 'Revoke an API key',
  description: 'It is refused at once, everywhere.',
  needs: ['remove', 'api-keys'],
  answer: apiKey,
})

export const listPlatformApiKeys = operation({
  id: 'listPlatformApiKeys',
  method: 'GET',
  path: '/api-keys',
  tag: PLATFORM_TAG,
  summary: 'List the API keys for all organisations',
  needs: ['read', 'api-keys'],
  answer: pageOf(apiKey),
})

export const createPlatformApiKey = operation({
  id: 'createPlatformApiKey',
  method: 'POST',
  path: '/api-keys',
  tag: PLATFORM_TAG,
  summary: 'Make an API key for all organisations',
  description: 'With the role `owner` it is a platform owner.',
  needs: ['create', 'api-keys'],
  body: made,
  answer: newKey,
  status: 201,
  idempotent: true,
  refuses: ['conflict'],
})

export const revokePlatformApiKey = operation({
  id: 'revokePlatformApiKey',
  method: 'DELETE',
  path: '/api-keys/{id}',
  tag: PLATFORM_TAG,
  summary: 'Revoke an API key for all organisations',
  needs: ['remove', 'api-keys'],
  answer: apiKey,
})
