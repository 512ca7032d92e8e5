// What the metadata says beyond what the engine puts there by itself.

import type { Configuration } from 'oidc-provider'
import { clientKeyAlgorithms } from '../services/identity/clients/client-keys.ts'

/** Below the issuer: first-party applications sign in there on their own pages (draft-ietf-oauth-first-party-apps-04). */
export const CHALLENGE_PATH = '/oauth/challenge'

export const clientAuthMethods = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'none',
] as const

/** What the engine would leave out (RFC 8414, 2), and others assume to be less than it is. */
export function discovery({
  issuer,
  locales,
}: {
  issuer: string
  locales: readonly string[]
}): Configuration['discovery'] {
  return {
    authorization_challenge_endpoint: `${issuer}${CHALLENGE_PATH}`,
    ui_locales_supported: [...locales],
    introspection_endpoint_auth_methods_supported: [...clientAuthMethods],
    introspection_endpoint_auth_signing_alg_values_supported: [...clientKeyAlgorithms],
    revocation_endpoint_auth_methods_supported: [...clientAuthMethods],
    revocation_endpoint_auth_signing_alg_values_supported: [...clientKeyAlgorithms],
  }
}
