// What an application needs to sign people in: the endpoints, and code to begin with.

import { Facts } from '../../kit/facts.tsx'
import { Section } from '../../kit/page.tsx'
import { Snippets } from '../../kit/snippets.tsx'
import { type Client, valuesOf } from './client.ts'
import { snippetsFor } from './snippets.ts'

/** `secret` while it is shown; else the snippets say where it goes. */
export function Connect({ client, secret }: { client: Client; secret: string | null }) {
  const snippets = snippetsFor(valuesOf(client, secret))
  const { issuer, id } = client
  return (
    <>
      <Section
        title="Endpoints"
        lead="A library for OpenID Connect needs the issuer and the client id, and finds the rest."
      >
        <Facts
          facts={[
            { name: 'Issuer', value: issuer },
            { name: 'Client id', value: id },
            { name: 'Discovery document', value: `${issuer}/.well-known/openid-configuration` },
            { name: 'Authorization endpoint', value: `${issuer}/oauth/authorize` },
            { name: 'Token endpoint', value: `${issuer}/oauth/token` },
          ].map((fact) => ({ ...fact, copy: fact.value }))}
        />
      </Section>
      {snippets.length > 0 && (
        <Section title="Code to begin with" lead="Filled with the values of this client.">
          <Snippets
            label="Libraries"
            snippets={snippets.map(({ id, label, code }) => ({ id, title: label, text: code }))}
          />
        </Section>
      )}
    </>
  )
}
