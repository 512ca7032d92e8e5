// The list of customers: looked through by name, address, telephone number and id.

import { ButtonLink } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Moment } from '../../kit/moment.tsx'
import { Page } from '../../kit/page.tsx'
import { SearchField } from '../../kit/search-field.tsx'
import { StatusWord } from '../../kit/status-word.tsx'
import { Table } from '../../kit/table.tsx'
import { useList } from '../../state/list.ts'
import { useOrganisation } from '../../state/operator.ts'
import { type Customer, nameOf } from '../people/person.ts'

export function CustomerList() {
  const place = useOrganisation()
  const list = useList<Customer>(place.api('/customers'), { filters: ['q'] })
  const add = place.may('editor') && (
    <ButtonLink href={place.href('/customers/new')} look="primary">
      New customer
    </ButtonLink>
  )
  return (
    <Page
      title="Customers"
      lead="Your records of people. Who signs in with their address is linked to them."
      actions={add}
    >
      <div class="tools">
        <SearchField
          label="Look for a customer"
          placeholder="Name, e-mail, telephone or id"
          value={list.filters.q ?? ''}
          onChange={(value) => list.filter('q', value)}
        />
      </div>
      <Table
        caption="Customers"
        list={list}
        keyOf={({ id }) => id}
        columns={[
          {
            title: 'Name',
            cell: (customer) => (
              <a href={place.href(`/customers/${customer.id}`)}>
                <bdi>{nameOf(customer)}</bdi>
              </a>
            ),
          },
          { title: 'E-mail', cell: ({ email }) => <bdi>{email}</bdi> },
          {
            title: 'Telephone',
            cell: ({ phone }) => (phone ? <bdi>{phone}</bdi> : <span class="soft">–</span>),
          },
          { title: 'Account', cell: (customer) => <StatusWord {...accountWordOf(customer)} /> },
          { title: 'Created', cell: ({ created_at }) => <Moment at={created_at} isDay /> },
        ]}
        empty={
          <EmptyState
            action={add}
            command={`npm run -s foyer -- customers create --organisation ${place.slug} --email mara@example.org --given-name Mara`}
          >
            There are no customers yet. They come with their first sign-in, or you make them.
          </EmptyState>
        }
      />
    </Page>
  )
}

function accountWordOf({ account }: Customer): Parameters<typeof StatusWord>[0] {
  if (!account) return { word: 'None' }
  return account.disabled_at === null
    ? { word: 'Linked', tone: 'good' }
    : { word: 'Disabled', tone: 'bad' }
}
