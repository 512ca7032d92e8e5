// What the Admin API says of OAuth clients.

import { z } from 'zod'
import { instant, pageOf, pageQuery } from '../shapes.ts'
import { operation } from './operation.ts'

export const kind = z.enum(['web', 'browser', 'native', 'machine', 'preview']).meta({
  description:
    'What it is; its grants and its authentication follow from it, and it never changes.',
})

const seconds = z.int().min(1).max(1e9)

/** Longer texts are no address; everything else the service judges, so that all is told at once. */
const text = z.string().max(4000)
const texts = z.array(text).max(100)

const lifetimes = {
  access_token: seconds,
  id_token: seconds,
  refresh_idle: seconds,
  refresh_absolute: seconds,
}

const inPlaceOfTheOrganisations =
  'In seconds, in place of the organisation’s; null is the organisation’s.'

export const clientLifetimes = z
  .object({
    access_token: seconds.nullable(),
    id_token: seconds.nullable(),
    refresh_idle: seconds.nullable(),
    refresh_absolute: seconds.nullable(),
  })
  .meta({ id: 'ClientLifetimes', description: inPlaceOfTheOrganisations })

const address = z.string().nullable()

const fields = {
  id: z.string().meta({ description: 'The `client_id`.' }),
  kind,
  name: z.string(),
  issuer: z.string().meta({ description: 'Where it finds everything else.' }),
  redirect_uris: z.array(z.string()),
  post_logout_redirect_uris: z.array(z.string()),
  origins: z.array(z.string()).meta({ description: 'Whose scripts may read its tokens.' }),
  pkce: z.enum(['required', 'optional']),
  api_scopes: z.array(z.string()).meta({ description: 'A first-party client holds all.' }),
  first_party: z.boolean(),
  authentication: z.enum(['secret', 'private_key_jwt', 'none']),
  key_ids: z.array(z.string().nullable()),
  jwks_uri: address.meta({ description: 'Where its keys are, of one that registered itself so.' }),
  home_uri: address,
  initiate_login_uri: address,
  back_channel_logout_uri: address,
  policy_uri: address,
  terms_uri: address,
  logo_uri: address.meta({ description: 'Kept, and neither fetched nor shown to customers.' }),
  lifetimes: clientLifetimes,
  expires_at: instant.nullable().meta({ description: 'When a preview ends; null for others.' }),
  secret_expires_at: instant
    .nullable()
    .meta({ description: 'When the first of its good secrets ends.' }),
  expires_soon: z.boolean().meta({ description: 'Either of them within 30 days.' }),
  registered_by: address.meta({ description: 'The token with which it registered itself.' }),
  managed: z.boolean().meta({ description: 'Kept by the program itself: nobody changes it.' }),
  disabled_at: instant.nullable(),
  version: z.int(),
  created_at: instant,
  updated_at: instant,
}

export const client = z.object(fields).meta({ id: 'Client' })

export const clientSecret = z
  .object({
    id: z.string(),
    hint: z.string().meta({ description: 'Its last four characters.' }),
    created_at: instant,
    expires_at: instant.nullable(),
    expires_soon: z.boolean(),
    last_used_at: instant.nullable().meta({ description: 'Exact to an hour.' }),
    live: z.boolean(),
  })
  .meta({ id: 'ClientSecret' })

export const clientDetails = z
  .object({
    ...fields,
    secrets: z.array(clientSecret),
    impact: z
      .object({
        live_grants: z.int().meta({ description: 'Sign-ins that are under way at it.' }),
        secret_last_used_at: instant.nullable(),
      })
      .meta({ description: 'What breaks when it is disabled or removed.' }),
  })
  .meta({ id: 'ClientDetails' })

const changeable = {
  name: text,
  redirect_uris: texts,
  post_logout_redirect_uris: texts,
  origins: texts,
  pkce: z.enum(['required', 'optional']).meta({
    description: 'Optional only for kind web, and only by a platform owner.',
  }),
  api_scopes: texts,
  first_party: z.boolean().meta({ description: 'Only a platform owner may say so.' }),
  expires_at: instant.meta({ description: 'Of a preview: at most 90 days from now.' }),
}

const addresses = {
  home_uri: text,
  initiate_login_uri: text,
  back_channel_logout_uri: text,
  policy_uri: text,
  terms_uri: text,
  logo_uri: text,
}

const optional = {
  ...z.object(changeable).omit({ name: true, redirect_uris: true }).partial().shape,
  ...z.object(addresses).partial().shape,
  lifetimes: z.strictObject(lifetimes).partial().optional(),
  jwks: z
    .record(z.string(), z.unknown())
    .optional()
    .meta({ description: 'A JWK set with its public keys, in place of a secret.' }),
  secret_days: z.int().optional().meta({ description: 'How long its secret is good; else 180.' }),
}

const newClient = z
  .strictObject({ kind, name: text, redirect_uris: texts.default([]), ...optional })
  .meta({ id: 'NewClient' })

const checkedClient = z
  .strictObject({ kind, name: text.default(''), redirect_uris: texts.default([]), ...optional })
  .meta({ id: 'CheckedClient' })

const nullable = <Shape extends { [field: string]: z.ZodType }>(shape: Shape) =>
  Object.fromEntries(Object.entries(shape).map(([field, type]) => [field, type.nullable()])) as {
    [Field in keyof Shape]: z.ZodNullable<Shape[Field]>
  } // field by field

const clientChange = z
  .strictObject({
    ...changeable,
    ...nullable(addresses),
    lifetimes: z.strictObject(nullable(lifetimes)).partial(),
  })
  .partial()
  .meta({
    id: 'ClientChange',
    description: 'What is named is changed; null takes an address away.',
  })

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
  answer: z.object({ problems: z.array(z.object({ path: z.string(), message: z.string() })) }),
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
  refuses: ['managed_client'],
})

const acts = { tag, needs: ['change', 'clients'], refuses: ['managed_client'] } as const

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
