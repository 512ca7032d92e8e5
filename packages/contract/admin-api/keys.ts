// Signing keys in the Admin API.

import { z } from 'zod'
import { instant, pageOf } from '../shapes.ts'
import { operation } from './operation.ts'

const KEYS = '/organisations/{slug}/keys'
const TAG = 'Signing keys'

const key = z
  .object({
    kid: z.string(),
    alg: z.enum(['RS256', 'ES256']),
    generation: z.int(),
    state: z.enum(['next', 'current', 'former', 'retired']).meta({
      description:
        '`next` is published and signs later, `former` is published for what it signed, `retired` is kept for sign-outs only.',
    }),
    created_at: instant,
    signs_from: instant,
    published_until: instant.nullable(),
    kept_until: instant.nullable(),
    sealed_under: z
      .enum(['current', 'older', 'unknown'])
      .meta({ description: 'Which value of `SECRET` it is sealed under.' }),
  })
  .meta({ id: 'SigningKey' })

export const listKeys = operation({
  id: 'listKeys',
  method: 'GET',
  path: KEYS,
  tag: TAG,
  summary: 'List the signing keys',
  description: 'RS256 first, of each algorithm the newest first.',
  needs: ['read', 'keys'],
  answer: pageOf(key),
})

export const rotateKeys = operation({
  id: 'rotateKeys',
  method: 'POST',
  path: `${KEYS}/rotation`,
  tag: TAG,
  summary: 'Rotate the signing keys',
  description:
    'Publishes the next keys, which sign a day later. Nobody notices. Asked twice it rotates once.',
  needs: ['create', 'keys'],
  answer: z.object({ next: z.array(key) }),
})

export const replaceKeys = operation({
  id: 'replaceKeys',
  method: 'POST',
  path: `${KEYS}/withdrawal`,
  tag: TAG,
  summary: 'Withdraw all signing keys, in an emergency',
  description:
    'New keys sign at once. Within 5 seconds everything that the withdrawn ones signed is refused: access tokens, which applications refresh, ID tokens that are shown to sign out, and logout tokens under way. Sessions and refresh tokens stay.',
  needs: ['remove', 'keys'],
  answer: z.object({ current: z.array(key), withdrawn: z.array(z.string()) }),
  refuses: ['conflict'],
})
