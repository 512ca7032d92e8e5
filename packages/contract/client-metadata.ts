// What an application says of itself when it registers (RFC 7591, 2; OpenID Connect Dynamic Client Registration 1.0, 2).

import { z } from 'zod'

const text = z.string().max(2000)
const texts = z.array(text).max(100)

/** What is not named here is ignored, as the RFC has it. */
export const clientMetadata = z.object({
  redirect_uris: texts.default([]),
  post_logout_redirect_uris: texts.default([]),
  application_type: z.enum(['web', 'native']).default('web'),
  grant_types: texts.default(['authorization_code']),
  response_types: texts.optional(),
  token_endpoint_auth_method: text.optional(),
  client_name: text.optional(),
  client_uri: text.optional(),
  logo_uri: text.optional(),
  policy_uri: text.optional(),
  tos_uri: text.optional(),
  initiate_login_uri: text.optional(),
  backchannel_logout_uri: text.optional(),
  scope: text.optional(),
  jwks: z.unknown().optional(),
  jwks_uri: text.optional(),
  sector_identifier_uri: z.unknown().optional(),
  software_statement: z.unknown().optional(),
  subject_type: text.optional(),
  id_token_signed_response_alg: text.optional(),
  userinfo_signed_response_alg: text.optional(),
})

export type ClientMetadata = z.output<typeof clientMetadata>
