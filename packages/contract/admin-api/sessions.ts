// Sessions in the Admin API: the browsers in which somebody is signed in.

import { z } from 'zod'
import { instant, pageOf, pageQuery } from '../shapes.ts'
import { operation } from './operation.ts'

const TAG = 'Sessions'
const PATH = '/organisations/{slug}/sessions'

export const session = z
  .object({
    id: z.string().meta({ description: 'The `sid` of its access tokens.' }),
    account_id: z.string(),
    email: z.string().nullable().meta({ description: 'Of the account.' }),
    browser: z.string().nullable(),
    system: z.string().nullable(),
    first_seen_at: instant,
    last_seen_at: instant,
    expires_at: instant,
    client_ids: z.array(z.string()).meta({ description: 'The clients that were signed in to.' }),
  })
  .meta({ id: 'AccountSession' })

export const listSessions = operation({
  id: 'listSessions',
  method: 'GET',
  path: PATH,
  tag: TAG,
  summary: 'List sessions',
  description: 'Of everybody, or of one account. The one that began last first.',
  needs: ['read', 'sessions'],
  query: pageQuery.extend({ account: z.string().max(100).optional() }),
  answer: pageOf(session),
})

export const endSession = operation({
  id: 'endSession',
  method: 'DELETE',
  path: `${PATH}/{id}`,
  tag: TAG,
  summary: 'End a session',
  description: 'As if its owner signed out in that browser: applications are told.',
  needs: ['remove', 'sessions'],
  answer: z.object({ id: z.string() }),
})
