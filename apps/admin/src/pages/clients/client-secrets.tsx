// The secrets of a client: at most three at once, so that one can take over from another.

import { useState } from 'preact/hooks'
import { Button } from '../../kit/button.tsx'
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx'
import { Fault } from '../../kit/fault.tsx'
import { Moment } from '../../kit/moment.tsx'
import { Section } from '../../kit/page.tsx'
import { SecretOnce } from '../../kit/secret-once.tsx'
import { StatusWord } from '../../kit/status-word.tsx'
import { notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { useAction } from '../../state/queries.ts'
import type { ClientDetails, ClientSecret } from './client.ts'

export function ClientSecrets({ client }: { client: ClientDetails }) {
  const place = useOrganisation()
  const { api } = useParts()
  const path = place.api(`/clients/${client.id}`)
  const [secret, setSecret] = useState<string>()
  const [revoking, setRevoking] = useState<ClientSecret>()
  const add = useAction({
    run: (_none: undefined, intent) =>
      api.send<{ client_secret: string }>('POST', `${path}/secrets`, { body: {}, intent }),
    changes: [path],
  })
  const mayChange = place.may('editor')
  const isFull = client.secrets.filter(({ live }) => live).length >= 3
  const addOne = async (): Promise<void> => {
    const added = await add.start(undefined)
    setSecret(added?.data.client_secret)
  }
  return (
    <Section
      title="Secrets"
      lead="To replace one without a gap: add a new one, have the application use it, then revoke the old one."
      actions={
        mayChange && (
          <Button onClick={addOne} isBusy={add.isRunning} isDisabled={isFull}>
            Add a secret
          </Button>
        )
      }
    >
      {add.error && <Fault error={add.error} />}
      {isFull && <p class="small">Three are good at once, and no more: revoke one first.</p>}
      <SecretTable secrets={client.secrets} {...(mayChange && { onRevoke: setRevoking })} />
      <SecretOnce title="The new secret" secret={secret} onStored={() => setSecret(undefined)} />
      {revoking && <Revoke path={path} secret={revoking} onClose={() => setRevoking(undefined)} />}
    </Section>
  )
}

function SecretTable(props: {
  secrets: readonly ClientSecret[]
  onRevoke?: (secret: ClientSecret) => void
}) {
  const { secrets, onRevoke } = props
  return (
    <table class="table">
      <caption class="unseen">Secrets</caption>
      <thead>
        <tr>
          <th scope="col">Ends in</th>
          <th scope="col">State</th>
          <th scope="col">Created</th>
          <th scope="col">Expires</th>
          <th scope="col">Last used</th>
          {onRevoke && (
            <th scope="col">
              <span class="unseen">What to do</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {secrets.map((secret) => (
          <tr key={secret.id}>
            <th scope="row">
              <code class="code">…{secret.hint}</code>
            </th>
            <td data-title="State">
              <SecretState secret={secret} />
            </td>
            <td data-title="Created">
              <Moment at={secret.created_at} isDay />
            </td>
            <td data-title="Expires">
              <Moment at={secret.expires_at} isDay />
            </td>
            <td data-title="Last used">
              <Moment at={secret.last_used_at} />
            </td>
            {onRevoke && (
              <td data-title="">
                <Button
                  look="danger"
                  label={`Revoke the secret that ends in ${secret.hint}`}
                  onClick={() => onRevoke(secret)}
                >
                  Revoke
                </Button>
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function SecretState({ secret }: { secret: ClientSecret }) {
  if (!secret.live) return <StatusWord word="Expired" tone="bad" />
  return secret.expires_soon ? (
    <StatusWord word="Ends soon" tone="warn" />
  ) : (
    <StatusWord word="Good" tone="good" />
  )
}

function Revoke(props: { path: string; secret: ClientSecret; onClose(): void }) {
  const { path, secret, onClose } = props
  const { api } = useParts()
  return (
    <ConfirmDialog
      title="Revoke this secret?"
      action="Revoke it"
      keep="Keep it"
      run={() => api.send('DELETE', `${path}/secrets/${secret.id}`)}
      changes={[path]}
      onDone={() => notify(`The secret that ends in ${secret.hint} is revoked.`)}
      onClose={onClose}
    >
      <p>
        Whoever uses the secret that ends in <code>{secret.hint}</code> is refused within seconds.
        It was last used: <Moment at={secret.last_used_at} />.
      </p>
    </ConfirmDialog>
  )
}
