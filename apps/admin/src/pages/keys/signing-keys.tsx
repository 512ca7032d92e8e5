// The signing keys of an organisation, with their states and dates; owners rotate and withdraw them.

import { useState } from 'preact/hooks'
import { Button } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Moment } from '../../kit/moment.tsx'
import { Page, Section } from '../../kit/page.tsx'
import { StatusWord } from '../../kit/status-word.tsx'
import { type Column, Table } from '../../kit/table.tsx'
import { useWholeList } from '../../state/list.ts'
import { useOrganisation } from '../../state/operator.ts'
import { RotateKeys } from './rotate-keys.tsx'
import { type SigningKey, states } from './signing-key.ts'
import { WithdrawKeys } from './withdraw-keys.tsx'

export function SigningKeys() {
  const place = useOrganisation()
  const list = useWholeList<SigningKey>(place.api('/keys'))
  const [open, setOpen] = useState<'rotate' | 'withdraw'>()
  const close = (): void => setOpen(undefined)
  const rotate = place.may('owner') && <Button onClick={() => setOpen('rotate')}>Rotate</Button>
  return (
    <Page
      title="Signing keys"
      lead={`What ${place.name} signs ID tokens and access tokens with. They rotate by themselves; nobody notices.`}
      actions={rotate}
    >
      <Table
        caption="Signing keys"
        list={list}
        keyOf={({ kid }) => kid}
        columns={columns}
        empty={
          <EmptyState command={`npm run -s foyer -- keys rotate --organisation ${place.slug}`}>
            Nobody has signed in yet: the first keys are made when they are needed.
          </EmptyState>
        }
      />
      {place.may('owner') && (
        <Section
          title="In an emergency"
          lead="Withdraw all keys at once, if somebody may have got hold of one. Otherwise rotate."
          actions={
            <Button look="danger" onClick={() => setOpen('withdraw')}>
              Withdraw all keys
            </Button>
          }
        >
          {null}
        </Section>
      )}
      {open === 'rotate' && <RotateKeys onClose={close} />}
      <WithdrawKeys isOpen={open === 'withdraw'} onClose={close} />
    </Page>
  )
}

const columns: readonly Column<SigningKey>[] = [
  {
    title: 'Key id',
    cell: ({ kid, alg }) => (
      <span class="two-lines">
        <code>{kid}</code>
        <span class="small">{alg}</span>
      </span>
    ),
  },
  {
    title: 'State',
    cell: ({ state }) => (
      <span class="two-lines">
        <StatusWord {...states[state]} />
        <span class="small">{states[state].meaning}</span>
      </span>
    ),
  },
  { title: 'Made', cell: ({ created_at }) => <Moment at={created_at} isDay /> },
  { title: 'Signs from', cell: ({ signs_from }) => <Moment at={signs_from} /> },
  {
    title: 'Ends',
    cell: (key) => (
      <span class="two-lines">
        <Ends of={key} />
        <Seal of={key} />
      </span>
    ),
  },
]

function Ends({ of: key }: { of: SigningKey }) {
  if (key.state === 'retired') return <Until word="Kept until" at={key.kept_until} />
  return <Until word="Published until" at={key.published_until} />
}

function Until({ word, at }: { word: string; at: string | null }) {
  if (at === null) return <span class="soft">After the next rotation</span>
  return (
    <span>
      {word} <Moment at={at} isDay />
    </span>
  )
}

/** Said only where something is to be done. */
function Seal({ of: { sealed_under: under } }: { of: SigningKey }) {
  if (under === 'current') return null
  return under === 'older' ? (
    <StatusWord word="Sealed under an older SECRET" tone="warn" />
  ) : (
    <StatusWord word="Sealed under a SECRET that is not listed" tone="bad" />
  )
}
