// OAuth clients as the Admin API tells them, and what may be sent of them.

import { z } from 'zod'
import { instant } from '../shapes.ts'

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

const clientLifetimes = z
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

export const newClient = z
  .strictObject({ kind, name: text, redirect_uris: texts.default([]), ...optional })
  .meta({ id: 'NewClient' })

export const checkedClient = z
  .strictObject({ kind, name: text.default(''), redirect_uris: texts.default([]), ...optional })
  .meta({ id: 'CheckedClient' })

const nullable = <Shape extends { [field: string]: z.ZodType }>(shape: Shape) =>
  Object.fromEntries(Object.entries(shape).map(([field, type]) => [field, type.nullable()])) as {
    [Field in keyof Shape]: z.ZodNullable<Shape[Field]>
  } // field by field

export const clientChange = z
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
