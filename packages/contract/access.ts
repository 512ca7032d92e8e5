// Being signed in, by the Client API: sessions and tokens.

import { z } from 'zod'
import { instant, pageOf } from './shapes.ts'

export const session = z
  .object({
    id: z.string().meta({ description: 'The `sid` of its access tokens.' }),
    browser: z
      .string()
      .nullable()
      .meta({ examples: ['Firefox'] }),
    system: z
      .string()
      .nullable()
      .meta({ examples: ['Android'] }),
    first_seen_at: instant,
    last_seen_at: instant.meta({
      description: 'An instant in UTC, ISO 8601. Of uses by a refresh only one an hour is noted.',
    }),
    current: z.boolean().meta({ description: 'Whether the token that asks comes from it.' }),
  })
  .meta({ id: 'Session' })

export const sessionPage = pageOf(session).meta({ id: 'SessionPage' })

export const endedSessions = z
  .object({ ended: z.int().meta({ description: 'How many sessions were ended.' }) })
  .meta({ id: 'EndedSessions' })

export const endSessionsQuery = z.strictObject({
  except: z.literal('current').optional().meta({
    description: 'Keeps the session that the token comes from, and what outlives sessions.',
  }),
})

export const endSessionQuery = z.strictObject({
  everywhere: z.enum(['true', 'false']).optional().meta({
    description: '`true` ends every session of the account, and what outlives sessions.',
  }),
})

export const refreshRequest = z
  .strictObject({
    refresh_token: z.string().min(1).max(2048),
    client_id: z.string().min(1).max(255).optional().meta({
      description: 'With `client_secret`, for confidential clients; or `Authorization: Basic`.',
    }),
    client_secret: z.string().min(1).max(1024).optional(),
  })
  .meta({ id: 'RefreshRequest' })

export const tokenPair = z
  .object({
    access_token: z.string(),
    refresh_token: z.string(),
    expires_in: z.int().meta({ description: 'Seconds until the access token expires.' }),
    token_type: z.string(),
    scope: z.string().optional(),
    id_token: z.string().optional(),
  })
  .meta({ id: 'TokenPair' })

export type Session = z.infer<typeof session>
