// The operators of an organisation, and the invitations that are open.

import { useState } from 'preact/hooks'
import { Button } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Moment } from '../../kit/moment.tsx'
import { Page } from '../../kit/page.tsx'
import { StatusWord } from '../../kit/status-word.tsx'
import { type Column, Table } from '../../kit/table.tsx'
import { useList } from '../../state/list.ts'
import { useOperator, useOrganisation } from '../../state/operator.ts'
import { ChangeRole } from './change-role.tsx'
import { Invitations } from './invitations.tsx'
import { Invite } from './invite.tsx'
import { type Operator, roleWord } from './operator.ts'
import { PlatformOwners } from './platform-owners.tsx'
import { RemoveOperator } from './remove-operator.tsx'

type Open = { dialog: 'invite' } | { dialog: 'change' | 'remove'; operator: Operator }

export function Operators() {
  const place = useOrganisation()
  const { isPlatformOwner } = useOperator()
  const reach = { ...place, hasRoles: true }
  const list = useList<Operator>(place.api('/operators'))
  const [open, setOpen] = useState<Open>()
  const close = (): void => setOpen(undefined)
  const isOwner = place.may('owner')
  const invite = isOwner && (
    <Button look="primary" onClick={() => setOpen({ dialog: 'invite' })}>
      Invite somebody
    </Button>
  )
  return (
    <Page
      title="Operators"
      lead={`Who looks after ${place.name}. Platform owners look after all organisations.`}
      actions={invite}
    >
      <Table
        caption="Operators"
        list={list}
        keyOf={({ id }) => id}
        columns={useColumns(setOpen)}
        empty={
          <EmptyState
            command={`npm run -s foyer -- operators invite ann@example.com --role editor --organisation ${place.slug}`}
          >
            Only platform owners look after {place.name} so far.
          </EmptyState>
        }
      />
      <Invitations to={reach} title="Invited" />
      {open?.dialog === 'invite' && <Invite to={reach} onClose={close} />}
      {open?.dialog === 'change' && <ChangeRole operator={open.operator} onClose={close} />}
      {open?.dialog === 'remove' && (
        <RemoveOperator operator={open.operator} from={reach} onClose={close} />
      )}
      {isPlatformOwner && <PlatformOwners />}
    </Page>
  )
}

function useColumns(setOpen: (open: Open) => void): Column<Operator>[] {
  const { email } = useOperator()
  const place = useOrganisation()
  const columns: Column<Operator>[] = [
    {
      title: 'Address',
      cell: (operator) => (
        <>
          <bdi>{operator.email}</bdi> {operator.email === email && <StatusWord word="You" />}
        </>
      ),
    },
    { title: 'Role', cell: ({ role }) => roleWord(role) },
    { title: 'Since', cell: ({ created_at }) => <Moment at={created_at} isDay /> },
  ]
  if (!place.may('owner')) return columns
  const actions = (operator: Operator) => (
    <div class="actions">
      <Button
        label={`Change role of ${operator.email}`}
        onClick={() => setOpen({ dialog: 'change', operator })}
      >
        Change role
      </Button>
      <Button
        look="quiet"
        label={`Remove ${operator.email}`}
        onClick={() => setOpen({ dialog: 'remove', operator })}
      >
        Remove
      </Button>
    </div>
  )
  return [...columns, { title: 'Actions', cell: actions }]
}
