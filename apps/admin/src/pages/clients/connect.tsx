// What an application needs to sign people in: the endpoints, and code to begin with.

import { Facts } from '../../kit/facts.tsx'
import { Section } from '../../kit/page.tsx'
import { Snippets } from '../../kit/snippets.tsx'
import { useOrganisation } from '../../state/operator.ts'
import { type Client, valuesOf } from './client.ts'
import { useBrowserLibrary } from './library.ts'
import { snippetsFor } from './snippets.ts'

/** `secret` while it is shown; else the snippets say where it goes. */
export function Connect({ client, secret }: { client: Client; secret: string | null }) {
  const library = useBrowserLibrary()
  const snippets = snippetsFor(valuesOf(client, { secret, library }))
  const { issuer, id } = client
  return (
    <>
      <TestSignIn client={client} />
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
        <Section
          title="Code to begin with"
          lead={`Filled with the values of this client. ${leadOf(client)}`}
        >
          <Snippets
            label="Libraries"
            snippets={snippets.map(({ id, label, code }) => ({ id, title: label, text: code }))}
          />
        </Section>
      )}
    </>
  )
}

/** Whether it can sign people in on its own pages, and what it lacks for that. */
function leadOf({ kind, first_party: isOwn, origins }: Client): string {
  if (kind !== 'browser') return ''
  return isOwn
    ? `Customers sign in on its own pages, at ${origins.join(' and ')}.`
    : 'To sign customers in on its own pages, it has to be first-party, with their origins: Settings say so.'
}

/** In a tab of its own, where it comes back to what was found. */
function TestSignIn({ client }: { client: Client }) {
  const place = useOrganisation()
  if (!place.may('editor') || client.kind === 'machine' || client.managed) return null
  if (client.authentication === 'private_key_jwt')
    return (
      <Section
        title="Test sign-in"
        lead="This client signs for itself with a key that only it has: try it in your application."
      >
        {null}
      </Section>
    )
  const query = new URLSearchParams({ organisation: place.slug, client: client.id })
  return (
    <Section
      title="Test sign-in"
      lead="Signs you in as a customer would be, with a code by mail, and shows what the application would get. It makes an account for your address where there is none."
      actions={
        <a
          class="button second"
          href={`/admin/test-sign-in?${query}`}
          target="_blank"
          rel="noopener"
        >
          Test sign-in<span class="unseen"> (opens a new tab)</span>
        </a>
      }
    >
      {null}
    </Section>
  )
}
