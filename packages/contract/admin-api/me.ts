// What the Admin API says of who asks.

import { z } from 'zod'
import { roles } from './access.ts'
import { operation } from './operation.ts'

export const me = z
  .object({
    kind: z.enum(['operator', 'api-key']),
    email: z.string().nullable().meta({ description: 'Null for an API key.' }),
    platform_owner: z.boolean().meta({ description: 'Holds owner in every organisation.' }),
    organisations: z
      .array(z.object({ slug: z.string(), name: z.string(), role: z.enum(roles) }))
      .meta({ description: 'Where the caller has a role of their own, at most 100.' }),
    scopes: z.array(z.string()).nullable().meta({ description: 'Of an API key, else null.' }),
  })
  .meta({ id: 'Me' })

export const showMe = operation({
  id: 'showMe',
  method: 'GET',
  path: '/me',
  tag: 'Access',
  summary: 'Read who you are',
  description: 'The caller, and the organisations in which they have a role.',
  needs: 'operator',
  answer: me,
})
