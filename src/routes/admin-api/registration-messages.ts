// Dynamic registration in the words of the Admin API.

import type { ShownRegistration } from '../../services/identity/clients/registration.ts'
import { instantOf } from '../../shared/instants.ts'
import type { RegistrationToken } from '../../stores/registration.ts'

/** What applications may register by themselves. */
export function policyData(policy: ShownRegistration['policy']) {
  return {
    enabled: policy.isOn,
    kinds: [...policy.kinds],
    auth_methods: [...policy.authMethods],
    api_scopes: [...policy.apiScopes],
    redirect_hosts: policy.redirectHosts ? [...policy.redirectHosts] : null,
    pkce: policy.pkce,
  }
}

/** An initial access token, without its text. */
export function tokenData(token: RegistrationToken) {
  return {
    id: token._id,
    name: token.name,
    hint: token.hint,
    uses: token.uses,
    uses_left: token.usesLeft,
    created_by: token.createdBy,
    created_at: instantOf(token.createdAt),
    expires_at: instantOf(token.expiresAt),
  }
}
