// Dynamic registration in the Admin API: what applications may register by themselves, and with which tokens.

import { z } from 'zod'
import { instant, pageOf, pageQuery } from '../shapes.ts'
import { operation } from './operation.ts'

const REGISTRATION = '/organisations/{slug}/registration'
const TOKENS = `${REGISTRATION}/tokens` as const
const TAG = 'Registration'

const kinds = z.array(z.enum(['web', 'browser', 'native', 'machine']))
const authMethods = z.array(
  z.enum(['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none']),
)
const hosts = z.array(z.string().max(253)).max(100)

const policy = z
  .object({
    enabled: z.boolean(),
    kinds: kinds.meta({ description: 'The kind decides the grants.' }),
    auth_methods: authMethods,
    api_scopes: z.array(z.string()),
    redirect_hosts: hosts
      .nullable()
      .meta({ description: 'Where customers may be sent; null: anywhere.' }),
    pkce: z.enum(['required', 'optional']),
    endpoint: z.string().meta({ description: 'Where applications register, while it is on.' }),
    version: z.int(),
  })
  .meta({ id: 'RegistrationPolicy' })

const token = z
  .object({
    id: z.string(),
    name: z.string(),
    hint: z.string().meta({ description: 'Its last four characters.' }),
    uses: z.int(),
    uses_left: z.int(),
    created_by: z.string(),
    created_at: instant,
    expires_at: instant,
  })
  .meta({ id: 'RegistrationToken' })

export const showRegistration = operation({
  id: 'showRegistration',
  method: 'GET',
  path: REGISTRATION,
  tag: TAG,
  summary: 'Read what applications may register by themselves',
  needs: ['read', 'registration'],
  answer: policy,
  versioned: true,
})

export const updateRegistration = operation({
  id: 'updateRegistration',
  method: 'PATCH',
  path: REGISTRATION,
  tag: TAG,
  summary: 'Change what applications may register by themselves',
  description: 'What has registered stays as it is. Only a platform owner makes PKCE optional.',
  needs: ['change', 'registration'],
  body: z
    .strictObject({
      enabled: z.boolean(),
      kinds,
      auth_methods: authMethods,
      api_scopes: z.array(z.string().max(100)).max(100),
      redirect_hosts: hosts.nullable(),
      pkce: z.enum(['required', 'optional']),
    })
    .partial(),
  answer: policy,
  versioned: true,
})

export const listRegistrationTokens = operation({
  id: 'listRegistrationTokens',
  method: 'GET',
  path: TOKENS,
  tag: TAG,
  summary: 'List the initial access tokens',
  description: 'Those that have not expired, the oldest first; used ones too.',
  needs: ['read', 'registration'],
  query: pageQuery,
  answer: pageOf(token),
})

export const createRegistrationToken = operation({
  id: 'createRegistrationToken',
  method: 'POST',
  path: TOKENS,
  tag: TAG,
  summary: 'Make an initial access token',
  needs: ['create', 'registration'],
  body: z.strictObject({
    name: z.string().max(200),
    uses: z
      .int()
      .optional()
      .meta({ description: 'How many registrations it is good for, at most 1000; else 1.' }),
    expires_at: instant
      .optional()
      .meta({ description: 'At most 90 days from now; left out: in 7 days.' }),
  }),
  answer: token
    .extend({ token: z.string().meta({ description: 'The token itself, this once.' }) })
    .meta({ id: 'NewRegistrationToken' }),
  status: 201,
  idempotent: true,
})

export const revokeRegistrationToken = operation({
  id: 'revokeRegistrationToken',
  method: 'DELETE',
  path: `${TOKENS}/{id}`,
  tag: TAG,
  summary: 'Revoke an initial access token',
  description: 'What was registered with it stays.',
  needs: ['remove', 'registration'],
  answer: token,
})
