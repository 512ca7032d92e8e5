// One client: how to connect to it, its secrets, its settings, and its end.

import { useRoute } from 'preact-iso/router'
import { ApiError } from '../../api.ts'
import { Facts } from '../../kit/facts.tsx'
import { Loaded } from '../../kit/loaded.tsx'
import { Moment } from '../../kit/moment.tsx'
import { NotFound } from '../../kit/not-found.tsx'
import { Page, Section } from '../../kit/page.tsx'
import { StatusWord } from '../../kit/status-word.tsx'
import { Tabs } from '../../kit/tabs.tsx'
import { useOrganisation } from '../../state/operator.ts'
import { type Reading, useRead } from '../../state/queries.ts'
import { type ClientDetails, kinds, stateOf } from './client.ts'
import { ClientEnd } from './client-end.tsx'
import { ClientSecrets } from './client-secrets.tsx'
import { ClientSettings } from './client-settings.tsx'
import { Connect } from './connect.tsx'

export function ClientPage() {
  const { id = '' } = useRoute().params
  const place = useOrganisation()
  const reading = useRead<ClientDetails>(place.api(`/clients/${encodeURIComponent(id)}`))
  if (reading.error instanceof ApiError && reading.error.status === 404) return <NotFound />
  return (
    <Page
      title={reading.data?.name ?? 'Client'}
      above={[{ title: 'Clients', href: place.href('/clients') }]}
    >
      <Loaded reading={reading} lines={8}>
        {(client) => <Parts client={client} reading={reading} />}
      </Loaded>
    </Page>
  )
}

function Parts({ client, reading }: { client: ClientDetails; reading: Reading<ClientDetails> }) {
  const place = useOrganisation()
  const mayChange = place.may('editor') && !client.managed
  return (
    <>
      <Summary client={client} />
      <Tabs
        label="About this client"
        tabs={[
          { id: 'connect', title: 'Connect', content: <Connect client={client} secret={null} /> },
          ...(client.authentication === 'secret' && !client.managed
            ? [{ id: 'secrets', title: 'Secrets', content: <ClientSecrets client={client} /> }]
            : []),
          ...(mayChange
            ? [
                {
                  id: 'settings',
                  title: 'Settings',
                  content: <ClientSettings client={client} reading={reading} />,
                },
                { id: 'end', title: 'Disable or remove', content: <ClientEnd client={client} /> },
              ]
            : []),
        ]}
      />
    </>
  )
}

const authentications = {
  secret: 'Client secret',
  private_key_jwt: 'Signatures of its own (private_key_jwt)',
  none: 'None: PKCE alone',
}

function Summary({ client }: { client: ClientDetails }) {
  return (
    <Section title="Summary">
      <Facts
        facts={[
          { name: 'State', value: <StatusWord {...stateOf(client)} /> },
          { name: 'Kind', value: kinds[client.kind].title },
          { name: 'Authentication', value: authentications[client.authentication] },
          { name: 'Whose', value: client.first_party ? 'The business’s own' : 'Third-party' },
          ...(client.expires_at
            ? [{ name: 'Ends', value: <Moment at={client.expires_at} isDay /> }]
            : []),
          { name: 'Sign-ins under way', value: String(client.impact.live_grants) },
          { name: 'Created', value: <Moment at={client.created_at} isDay /> },
        ]}
      />
      {client.managed && (
        <p class="small">This client is kept by Foyer itself: nobody can change it.</p>
      )}
    </Section>
  )
}
