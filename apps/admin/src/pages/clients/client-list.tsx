// The list of clients: looked through by name, id and kind.

import { ButtonLink } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Moment } from '../../kit/moment.tsx'
import { Page } from '../../kit/page.tsx'
import { SearchField } from '../../kit/search-field.tsx'
import { Select } from '../../kit/select.tsx'
import { StatusWord } from '../../kit/status-word.tsx'
import { Table } from '../../kit/table.tsx'
import { useList } from '../../state/list.ts'
import { useOrganisation } from '../../state/operator.ts'
import { type Client, kinds, stateOf } from './client.ts'

const kindOptions = [
  { value: '', label: 'All kinds' },
  ...Object.entries(kinds).map(([value, { title }]) => ({ value, label: title })),
]

export function ClientList() {
  const place = useOrganisation()
  const list = useList<Client>(place.api('/clients'), { filters: ['q', 'kind'] })
  const add = place.may('editor') && (
    <ButtonLink href={place.href('/clients/new')} look="primary">
      New client
    </ButtonLink>
  )
  return (
    <Page
      title="Clients"
      lead="The applications that customers sign in to, and the programs that act for you."
      actions={add}
    >
      <div class="tools">
        <SearchField
          label="Look for a client"
          placeholder="Name or client id"
          value={list.filters.q ?? ''}
          onChange={(value) => list.filter('q', value)}
        />
        <Select
          name="kind"
          label="Kind"
          value={list.filters.kind ?? ''}
          options={kindOptions}
          onChange={(value) => list.filter('kind', value)}
        />
      </div>
      <Table
        caption="Clients"
        list={list}
        keyOf={({ id }) => id}
        columns={[
          {
            title: 'Name',
            cell: ({ id, name }) => <a href={place.href(`/clients/${id}`)}>{name}</a>,
          },
          { title: 'Kind', cell: ({ kind }) => kinds[kind].title },
          { title: 'Client id', cell: ({ id }) => <code class="code">{id}</code> },
          { title: 'State', cell: (client) => <StatusWord {...stateOf(client)} /> },
          { title: 'Created', cell: ({ created_at }) => <Moment at={created_at} isDay /> },
        ]}
        empty={
          <EmptyState
            action={add}
            command={`npm run -s foyer -- clients create --organisation ${place.slug} --kind web --name "My shop" --redirect-uri https://shop.example.com/callback`}
          >
            No application is connected yet. It takes a name and the address to come back to.
          </EmptyState>
        }
      />
    </Page>
  )
}
