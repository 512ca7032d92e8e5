// Where applications connect to an organisation.

import type { adminApi } from '@foyer/contract'
import { Facts } from '../../kit/facts.tsx'
import { Loaded } from '../../kit/loaded.tsx'
import { Section } from '../../kit/page.tsx'
import { useOrganisation } from '../../state/operator.ts'
import { useRead } from '../../state/queries.ts'

type Organisation = adminApi.DataOf<typeof adminApi.organisations.showOrganisation>

/** Below the issuer, as its discovery document names them. */
const endpoints = [
  ['Discovery document', '/.well-known/openid-configuration'],
  ['Authorization endpoint', '/oauth/authorize'],
  ['Token endpoint', '/oauth/token'],
  ['Userinfo endpoint', '/oauth/userinfo'],
  ['Keys', '/oauth/jwks'],
] as const

export function Endpoints() {
  const place = useOrganisation()
  const reading = useRead<Organisation>(place.api(''))
  return (
    <Section
      title="Endpoints"
      lead="An OpenID Connect library needs the issuer alone, and finds the rest by itself."
    >
      <Loaded reading={reading} lines={6}>
        {({ issuer }) => (
          <Facts
            facts={[['Issuer', ''] as const, ...endpoints].map(([name, path]) => ({
              name,
              value: `${issuer}${path}`,
              copy: `${issuer}${path}`,
            }))}
          />
        )}
      </Loaded>
    </Section>
  )
}
