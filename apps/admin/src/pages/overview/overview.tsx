// The first page of an organisation: where applications connect to it.

import { useEffect, useState } from 'preact/hooks'
import { Facts } from '../../kit/facts.tsx'
import { Fault } from '../../kit/fault.tsx'
import { Page, Section } from '../../kit/page.tsx'
import { Skeleton } from '../../kit/skeleton.tsx'
import { useOrganisation } from '../../state/operator.ts'

export function Overview() {
  const { name } = useOrganisation()
  return (
    <Page title="Overview" lead={`Where applications connect to ${name}.`}>
      <Endpoints />
    </Page>
  )
}

/** What the discovery document says (OpenID Connect Discovery 1.0, section 3). */
type Discovery = {
  issuer: string
  authorization_endpoint: string
  token_endpoint: string
  userinfo_endpoint: string
  jwks_uri: string
}

async function discover(slug: string): Promise<Discovery> {
  // The default organisation's address leads to its own.
  const response = await fetch(`/o/${slug}/.well-known/openid-configuration`)
  if (!response.ok) throw new Error('The discovery document could not be read.')
  return (await response.json()) as Discovery // as the standard has it
}

function Endpoints() {
  const { slug } = useOrganisation()
  const [discovery, setDiscovery] = useState<Discovery>()
  const [error, setError] = useState<Error>()
  useEffect(() => void discover(slug).then(setDiscovery, setError), [slug])
  return (
    <Section
      title="Endpoints"
      lead="An OpenID Connect library needs the issuer alone, and finds the rest by itself."
    >
      {error && <Fault error={error} />}
      {!discovery && !error && <Skeleton lines={5} />}
      {discovery && (
        <Facts
          facts={[
            { name: 'Issuer', value: discovery.issuer },
            {
              name: 'Discovery document',
              value: `${discovery.issuer}/.well-known/openid-configuration`,
            },
            { name: 'Authorization endpoint', value: discovery.authorization_endpoint },
            { name: 'Token endpoint', value: discovery.token_endpoint },
            { name: 'Userinfo endpoint', value: discovery.userinfo_endpoint },
            { name: 'Keys', value: discovery.jwks_uri },
          ].map((fact) => ({ ...fact, copy: fact.value }))}
        />
      )}
    </Section>
  )
}
