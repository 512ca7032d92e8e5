// What a test sign-in got: the tokens taken apart, what the customer is known by, and how long it took.

import { useEffect, useState } from 'preact/hooks'
import { useLocation, useRoute } from 'preact-iso/router'
import { ApiError } from '../../api.ts'
import { ButtonLink } from '../../kit/button.tsx'
import { CodeBlock } from '../../kit/code-block.tsx'
import { Facts } from '../../kit/facts.tsx'
import { Fault } from '../../kit/fault.tsx'
import { Page, Section } from '../../kit/page.tsx'
import { Skeleton } from '../../kit/skeleton.tsx'
import { useOrganisation } from '../../state/operator.ts'

type Token = { header: object; claims: object }

/** As `/admin/test-sign-in/result` answers. */
type SignedIn = {
  outcome: 'signed-in'
  steps: { name: string; milliseconds: number }[]
  id_token: Token
  access_token: Token | null
  userinfo: object
  scope: string
  expires_in: number | null
  has_refresh_token: boolean
}
type Refused = { outcome: 'refused'; error: string; description: string | null }
type Result = { client: { id: string; name: string }; issuer: string } & (SignedIn | Refused)

async function readResult(ticket: string): Promise<Result> {
  const query = new URLSearchParams({ ticket })
  const response = await fetch(`/admin/test-sign-in/result?${query}`, {
    headers: { Accept: 'application/json' },
  })
  if (response.ok) return (await response.json()).data as Result // the back end's own shape
  throw new ApiError('What this test found is no longer kept. Begin another one.', {
    code: 'not_found',
    status: response.status,
    requestId: response.headers.get('X-Request-Id'),
  })
}

export function TestedClient() {
  const place = useOrganisation()
  const { id = '' } = useRoute().params
  const { ticket = '' } = useLocation().query
  const [result, setResult] = useState<Result>()
  const [error, setError] = useState<Error>()
  useEffect(() => void readResult(ticket).then(setResult, setError), [ticket])
  const query = new URLSearchParams({ organisation: place.slug, client: id })
  return (
    <Page
      title={result ? titleOf(result) : 'Test sign-in'}
      above={[
        { title: 'Clients', href: place.href('/clients') },
        { title: result?.client.name ?? 'Client', href: place.href(`/clients/${id}`) },
      ]}
      actions={<ButtonLink href={`/admin/test-sign-in?${query}`}>Test again</ButtonLink>}
    >
      {error && <Fault error={error} />}
      {!result && !error && <Skeleton lines={8} />}
      {result?.outcome === 'refused' && <Refusal result={result} />}
      {result?.outcome === 'signed-in' && <Found result={result} />}
    </Page>
  )
}

function titleOf({ outcome, client }: Result): string {
  return outcome === 'signed-in' ? `${client.name}: the sign-in works` : 'The sign-in was refused'
}

function Refusal({ result }: { result: Refused }) {
  return (
    <Section title="What the server said">
      <Facts
        facts={[
          { name: 'Error', value: result.error, copy: result.error },
          ...(result.description ? [{ name: 'Description', value: result.description }] : []),
        ]}
      />
    </Section>
  )
}

const text = (value: object): string => JSON.stringify(value, null, 2)

function Found({ result }: { result: SignedIn }) {
  const { steps, id_token: idToken, access_token: accessToken, userinfo, expires_in } = result
  return (
    <>
      <Section
        title="What the application gets"
        lead="The tokens are shown taken apart, without their signatures, and were revoked after the test."
      >
        <Facts
          facts={[
            { name: 'Scopes', value: result.scope },
            { name: 'Refresh token', value: result.has_refresh_token ? 'Yes' : 'No' },
            { name: 'Access token', value: accessToken ? 'Signed (JWT)' : 'Opaque, for userinfo' },
            ...(expires_in === null ? [] : [{ name: 'Lives', value: `${expires_in} seconds` }]),
            ...steps.map(({ name, milliseconds }) => ({ name, value: `${milliseconds} ms` })),
          ]}
        />
      </Section>
      <Section title="ID token">
        <CodeBlock label="claims of the ID token" text={text(idToken.claims)} />
        <p class="small">Its header:</p>
        <CodeBlock label="header of the ID token" text={text(idToken.header)} />
      </Section>
      {accessToken && (
        <Section title="Access token">
          <CodeBlock label="claims of the access token" text={text(accessToken.claims)} />
        </Section>
      )}
      <Section title="Userinfo">
        <CodeBlock label="answer of userinfo" text={text(userinfo)} />
      </Section>
    </>
  )
}
