// The sessions of everybody, or of one account.

import { useState } from 'preact/hooks'
import { Button } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { Page } from '../../kit/page.tsx'
import { type List, useList } from '../../state/list.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useRead } from '../../state/queries.ts'
import { FindAccount } from '../people/find-account.tsx'
import type { Account, AccountSession } from '../people/person.ts'
import { SessionTable } from '../people/session-table.tsx'

export function SessionList() {
  const place = useOrganisation()
  const list = useList<AccountSession>(place.api('/sessions'), { filters: ['account'] })
  return (
    <Page
      title="Sessions"
      lead="The browsers in which somebody is signed in. The one that began last comes first."
    >
      <div class="tools at-middle">
        <Whose list={list} />
      </div>
      <SessionTable
        list={list}
        hasOwner
        empty={
          <EmptyState command={`npm run -s foyer -- sessions list --organisation ${place.slug}`}>
            Nobody is signed in just now.
          </EmptyState>
        }
      />
    </Page>
  )
}

function Whose({ list }: { list: List<AccountSession> }) {
  const place = useOrganisation()
  const [isOpen, setOpen] = useState(false)
  const id = list.filters.account ?? ''
  const { data } = useRead<Account>(
    place.api(`/accounts/${encodeURIComponent(id)}`),
    {},
    { isOff: id === '' },
  )
  return (
    <>
      {id !== '' && (
        <>
          <p>
            Only those of <bdi>{data?.email ?? id}</bdi>
          </p>
          <Button look="quiet" onClick={list.clearFilters}>
            Show everybody’s
          </Button>
        </>
      )}
      <Button onClick={() => setOpen(true)}>
        {id === '' ? 'Only those of one account' : 'Of another account'}
      </Button>
      {isOpen && (
        <ChooseAccount
          onClose={() => setOpen(false)}
          onChosen={(account) => list.filter('account', account)}
        />
      )}
    </>
  )
}

function ChooseAccount({ onClose, onChosen }: { onClose(): void; onChosen(id: string): void }) {
  const [chosen, setChosen] = useState<Account>()
  const [problem, setProblem] = useState<string>()
  const show = (event: Event): void => {
    event.preventDefault()
    if (!chosen) return setProblem('Choose an account.')
    onChosen(chosen.id)
    onClose()
  }
  const choose = (account: Account): void => {
    setChosen(account)
    setProblem(undefined)
  }
  return (
    <FormDialog title="Whose sessions?" action="Show them" onSubmit={show} onClose={onClose}>
      <FindAccount text="" chosen={chosen} onChoose={choose} problem={problem} />
    </FormDialog>
  )
}
