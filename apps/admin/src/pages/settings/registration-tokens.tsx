// The initial access tokens: made and shown once, each for so many registrations, and revoked.

import type { adminApi } from '@foyer/contract'
import { useState } from 'preact/hooks'
import { Button } from '../../kit/button.tsx'
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Moment } from '../../kit/moment.tsx'
import { Section } from '../../kit/page.tsx'
import { SecretOnce } from '../../kit/secret-once.tsx'
import { type Column, Table } from '../../kit/table.tsx'
import { useList } from '../../state/list.ts'
import { notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { NewToken } from './new-token.tsx'
import type { Policy } from './registration-policy.ts'

type Token = adminApi.DataOf<typeof adminApi.registration.listRegistrationTokens>['items'][number]

export function RegistrationTokens({ policy }: { policy: Policy }) {
  const place = useOrganisation()
  const list = useList<Token>(place.api('/registration/tokens'))
  const [isNew, setNew] = useState(false)
  const [secret, setSecret] = useState<string>()
  const [revoking, setRevoking] = useState<Token>()
  const isOwner = place.may('owner')
  return (
    <Section
      title="Initial access tokens"
      lead="Nobody registers without one. Revoking one leaves what was registered with it."
      actions={isOwner && <Button onClick={() => setNew(true)}>New token</Button>}
    >
      <Table
        caption="Initial access tokens"
        list={list}
        keyOf={({ id }) => id}
        columns={columnsOf(isOwner ? setRevoking : undefined)}
        empty={
          <EmptyState
            command={`npm run -s foyer -- registration tokens create --name "Set-up" --organisation ${place.slug}`}
          >
            {isOwner
              ? 'There is no token. Make one for each application or team that is to register.'
              : 'There is no token.'}
          </EmptyState>
        }
      />
      {isNew && (
        <NewToken
          onClose={() => setNew(false)}
          onMade={(token) => {
            setNew(false)
            setSecret(token)
          }}
        />
      )}
      <SecretOnce title="The new token" secret={secret} onStored={() => setSecret(undefined)}>
        <p class="small">
          {policy.enabled
            ? `Send it as a bearer token to ${policy.endpoint}.`
            : 'Registration is off just now: turn it on, or the token is good for nothing.'}
        </p>
      </SecretOnce>
      {revoking && <Revoke token={revoking} onClose={() => setRevoking(undefined)} />}
    </Section>
  )
}

function columnsOf(onRevoke: ((token: Token) => void) | undefined): Column<Token>[] {
  const columns: Column<Token>[] = [
    { title: 'Name', cell: ({ name }) => name },
    { title: 'Ends in', cell: ({ hint }) => <code class="code">…{hint}</code> },
    { title: 'Uses left', cell: ({ uses, uses_left }) => `${uses_left} of ${uses}` },
    { title: 'Expires', cell: ({ expires_at }) => <Moment at={expires_at} isDay /> },
  ]
  if (!onRevoke) return columns
  const actions = (token: Token) => (
    <Button look="quiet" label={`Revoke ${token.name}`} onClick={() => onRevoke(token)}>
      Revoke
    </Button>
  )
  return [...columns, { title: 'Actions', cell: actions }]
}

function Revoke({ token, onClose }: { token: Token; onClose(): void }) {
  const { api } = useParts()
  const path = useOrganisation().api('/registration')
  return (
    <ConfirmDialog
      title={`Revoke ${token.name}?`}
      action="Revoke it"
      keep="Keep it"
      run={() => api.send('DELETE', `${path}/tokens/${token.id}`)}
      changes={[path]}
      onDone={() => notify(`${token.name} is revoked.`)}
      onClose={onClose}
    >
      <p>
        Nobody registers with it any more; {token.uses_left} of {token.uses} uses are left. The
        clients that were registered with it stay.
      </p>
    </ConfirmDialog>
  )
}
