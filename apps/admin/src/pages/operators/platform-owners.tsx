// Who owns the platform, and so every organisation; shown to those alone.

import { useState } from 'preact/hooks'
import { Button } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Moment } from '../../kit/moment.tsx'
import { StatusWord } from '../../kit/status-word.tsx'
import { Table } from '../../kit/table.tsx'
import { useWholeList } from '../../state/list.ts'
import { useOperator } from '../../state/operator.ts'
import { Invitations } from './invitations.tsx'
import { Invite } from './invite.tsx'
import { type Operator, platform } from './operator.ts'
import { RemoveOperator } from './remove-operator.tsx'

export function PlatformOwners() {
  const { email } = useOperator()
  const list = useWholeList<Operator>('/operators')
  const [isInviting, setInviting] = useState(false)
  const [removed, setRemoved] = useState<Operator>()
  return (
    <>
      <header class="over-table with-actions">
        <h2>Platform owners</h2>
        <Button onClick={() => setInviting(true)}>Invite a platform owner</Button>
      </header>
      <Table
        caption="Platform owners"
        list={list}
        keyOf={({ id }) => id}
        columns={[
          {
            title: 'Address',
            cell: (owner) => (
              <>
                <bdi>{owner.email}</bdi> {owner.email === email && <StatusWord word="You" />}
              </>
            ),
          },
          { title: 'Since', cell: ({ created_at }) => <Moment at={created_at} isDay /> },
          {
            title: 'Actions',
            cell: (owner) => (
              <Button
                look="quiet"
                label={`Remove ${owner.email} from the platform`}
                onClick={() => setRemoved(owner)}
              >
                Remove
              </Button>
            ),
          },
        ]}
        empty={<EmptyState>Platform owners are named in OPERATORS alone.</EmptyState>}
      />
      <Invitations to={platform} title="Invited to own the platform" />
      {isInviting && <Invite to={platform} onClose={() => setInviting(false)} />}
      {removed && (
        <RemoveOperator operator={removed} from={platform} onClose={() => setRemoved(undefined)} />
      )}
    </>
  )
}
