// Dynamic registration as operators run it: the policy, and the tokens with which applications begin.

import { adminApi } from '@foyer/contract'
import { pageData } from '../../http/pages.ts'
import type {
  Registration,
  ShownRegistration,
} from '../../services/identity/clients/registration.ts'
import type { Clock } from '../../shared/clock.ts'
import { AppError } from '../../shared/errors.ts'
import type { Organisation } from '../../stores/organisations.ts'
import { policyData, tokenData } from './registration-messages.ts'
import type { Routes } from './serve.ts'

const api = adminApi.registration

export function registrationRoutes(parts: {
  registration: Registration
  /** Where applications register at the organisation's issuer. */
  endpointOf(organisation: Organisation): string
  clock: Clock
}): Routes {
  const { registration, endpointOf, clock } = parts
  const shown = (organisation: Organisation, { policy, version }: ShownRegistration) => ({
    data: { ...policyData(policy), endpoint: endpointOf(organisation), version },
    version,
  })
  return (serve) => {
    serve(api.showRegistration, async ({ organisation }) =>
      shown(organisation, await registration.show(organisation._id)),
    )

    serve(api.updateRegistration, async ({ organisation, body, by, standing, version }) => {
      const { enabled: isOn, auth_methods, api_scopes, redirect_hosts, ...rest } = body
      const edit = {
        ...rest,
        isOn,
        authMethods: auth_methods,
        apiScopes: api_scopes,
        redirectHosts: redirect_hosts,
      }
      const who = { ...by, role: standing.role, version }
      return shown(organisation, await registration.change(organisation._id, edit, who))
    })

    serve(api.listRegistrationTokens, async ({ organisation, query }) => {
      const page = await registration.listTokens(organisation._id, query)
      return pageData(page, tokenData)
    })

    serve(api.createRegistrationToken, async ({ organisation, body, by }) => {
      const { name, uses, expires_at } = body
      const life = expires_at === undefined ? undefined : Date.parse(expires_at) - clock.now()
      const made = await registration.createToken(organisation._id, { name, uses, life }, by)
      return { ...tokenData(made.record), token: made.token }
    })

    serve(api.revokeRegistrationToken, async ({ organisation, params, by }) => {
      const gone = await registration.revokeToken(organisation._id, params.id, by)
      if (!gone) throw new AppError('not_found')
      return tokenData(gone)
    })
  }
}
