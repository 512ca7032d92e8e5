// The list of accounts: looked through by how an address begins, or by the id.

import { EmptyState } from '../../kit/empty-state.tsx'
import { Moment } from '../../kit/moment.tsx'
import { Page } from '../../kit/page.tsx'
import { SearchField } from '../../kit/search-field.tsx'
import { StatusWord } from '../../kit/status-word.tsx'
import { Table } from '../../kit/table.tsx'
import { useList } from '../../state/list.ts'
import { useOrganisation } from '../../state/operator.ts'
import { type Account, stateOf } from '../people/person.ts'

export function AccountList() {
  const place = useOrganisation()
  const list = useList<Account>(place.api('/accounts'), { filters: ['q'] })
  return (
    <Page
      title="Accounts"
      lead="Who signs in: an address that was proven by a code. Each is linked to one customer at the most."
    >
      <div class="tools">
        <SearchField
          label="Look for an account"
          placeholder="How the address begins, or the id"
          value={list.filters.q ?? ''}
          onChange={(value) => list.filter('q', value)}
        />
      </div>
      <Table
        caption="Accounts"
        list={list}
        keyOf={({ id }) => id}
        columns={[
          {
            title: 'E-mail',
            cell: ({ id, email }) => (
              <a href={place.href(`/accounts/${id}`)}>
                <bdi>{email}</bdi>
              </a>
            ),
          },
          { title: 'State', cell: (account) => <StatusWord {...stateOf(account)} /> },
          { title: 'Customer', cell: (account) => <CustomerLink account={account} /> },
          { title: 'Last sign-in', cell: ({ last_sign_in_at }) => <Moment at={last_sign_in_at} /> },
          { title: 'Created', cell: ({ created_at }) => <Moment at={created_at} isDay /> },
        ]}
        empty={
          <EmptyState command={`npm run -s foyer -- accounts list --organisation ${place.slug}`}>
            Nobody has signed in yet. The first sign-in with an address makes its account.
          </EmptyState>
        }
      />
    </Page>
  )
}

function CustomerLink({ account }: { account: Account }) {
  const { href } = useOrganisation()
  if (account.customer_id === null) return <span class="soft">None</span>
  return (
    <a href={href(`/customers/${account.customer_id}`)}>
      Customer <span class="unseen">of {account.email}</span>
    </a>
  )
}
