// A client that was just made: its secret, this once, and all that is needed to sign in with it.

import { useState } from 'preact/hooks'
import { ButtonLink } from '../../kit/button.tsx'
import { CodeBlock } from '../../kit/code-block.tsx'
import { Page, Section } from '../../kit/page.tsx'
import { Switch } from '../../kit/switch.tsx'
import { useOrganisation } from '../../state/operator.ts'
import { useUnsaved } from '../../state/unsaved.ts'
import type { CreatedClient } from './client.ts'
import { Connect } from './connect.tsx'

export function ConnectedClient({ created }: { created: CreatedClient }) {
  const { client, client_secret: secret } = created
  const place = useOrganisation()
  const [isStored, setStored] = useState(secret === null)
  useUnsaved(!isStored)
  return (
    <Page
      title={`${client.name} is connected`}
      lead="Paste what it needs, and sign in with it."
      above={[{ title: 'Clients', href: place.href('/clients') }]}
      actions={
        <ButtonLink href={place.href(`/clients/${client.id}`)} look="primary">
          Open the client
        </ButtonLink>
      }
    >
      {secret !== null && (
        <Section
          title="Secret"
          lead="It is shown this once. Foyer keeps a hash of it and cannot show it again."
        >
          <CodeBlock label="client secret" text={secret} />
          <Switch name="stored" label="I have stored it" value={isStored} onChange={setStored} />
        </Section>
      )}
      <Connect client={client} secret={secret} />
    </Page>
  )
}
