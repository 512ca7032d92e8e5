// Disabling a client for a while, and removing it for good: with what would break said first.

import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso/router'
import { ActSection } from '../../kit/act-section.tsx'
import { Button } from '../../kit/button.tsx'
import { ConfirmByName } from '../../kit/confirm-by-name.tsx'
import { Moment } from '../../kit/moment.tsx'
import { Section } from '../../kit/page.tsx'
import { notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { useAction } from '../../state/queries.ts'
import type { ClientDetails } from './client.ts'

export function ClientEnd({ client }: { client: ClientDetails }) {
  const isDisabled = client.disabled_at !== null
  return (
    <>
      <Section title="What uses it">
        <Impact client={client} />
      </Section>
      {isDisabled ? <Enable client={client} /> : <Disable client={client} />}
      <Remove client={client} />
    </>
  )
}

function Impact({ client }: { client: ClientDetails }) {
  const { live_grants: grants, secret_last_used_at: usedAt } = client.impact
  const people = grants === 1 ? 'One sign-in is' : `${grants} sign-ins are`
  return (
    <>
      <p>{grants === 0 ? 'Nobody is signed in at it just now.' : `${people} under way at it.`}</p>
      {client.authentication === 'secret' && (
        <p class="small">
          A secret of it was last used: <Moment at={usedAt} />.
        </p>
      )}
    </>
  )
}

function Disable({ client }: { client: ClientDetails }) {
  const clients = useOrganisation().api('/clients')
  const { api } = useParts()
  return (
    <ActSection
      title="Disable"
      lead="Nobody signs in at it, and its tokens are refused, until you enable it again."
      look="danger"
      run={() => api.send('POST', `${clients}/${client.id}/disable`)}
      changes={[clients]}
      done={`${client.name} is disabled.`}
    />
  )
}

function Enable({ client }: { client: ClientDetails }) {
  const clients = useOrganisation().api('/clients')
  const { api } = useParts()
  return (
    <ActSection
      title="Enable"
      lead="Customers sign in at it again, and tokens that have not expired work."
      look="primary"
      run={() => api.send('POST', `${clients}/${client.id}/enable`)}
      changes={[clients]}
      done={`${client.name} is enabled.`}
    />
  )
}

function Remove({ client }: { client: ClientDetails }) {
  const place = useOrganisation()
  const { api, queries } = useParts()
  const { route } = useLocation()
  const [isOpen, setOpen] = useState(false)
  const clients = place.api('/clients')
  const action = useAction({
    run: (_none: undefined) => api.send('DELETE', `${clients}/${client.id}`),
  })
  const remove = async (): Promise<void> => {
    if (!(await action.start(undefined))) return
    notify(`${client.name} is removed.`)
    // Read again where it is shown next: here there is nothing left to read.
    await queries.invalidateQueries({ refetchType: 'none' })
    route(place.href('/clients'), true)
  }
  return (
    <Section
      title="Remove"
      lead="For ever. Its sign-ins end, and its client id is never given again."
      actions={
        <Button look="danger" onClick={() => setOpen(true)}>
          Remove
        </Button>
      }
    >
      <ConfirmByName
        isOpen={isOpen}
        title="Remove this client?"
        name={client.name}
        action="Remove client"
        isBusy={action.isRunning}
        error={action.error}
        onConfirm={remove}
        onClose={() => setOpen(false)}
      >
        <Impact client={client} />
      </ConfirmByName>
    </Section>
  )
}
