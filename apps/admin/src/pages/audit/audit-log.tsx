// The audit log, the newest first: filtered by what stands in the address, taken elsewhere as CSV, verified.

import { Button } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Moment } from '../../kit/moment.tsx'
import { Page } from '../../kit/page.tsx'
import { type Column, Table } from '../../kit/table.tsx'
import { type List, useList } from '../../state/list.ts'
import { type Place, useOrganisation } from '../../state/operator.ts'
import { actionWords } from './actions.ts'
import { AuditDetail } from './audit-detail.tsx'
import { AuditFilters } from './audit-filters.tsx'
import { type AuditRow, actorWords, targetPage } from './audit-row.ts'
import { Verify } from './verify.tsx'

const FILTERS = ['action', 'actor', 'target', 'from', 'to']

export function AuditLog() {
  const place = useOrganisation()
  const list = useList<AuditRow>(place.api('/audit'), { filters: FILTERS })
  return (
    <Page
      title="Audit log"
      lead="Who did what, to what, from where and when. Nobody can change it, and it is kept for ever."
      actions={<Download list={list} place={place} />}
    >
      <AuditFilters list={list} />
      <Table
        caption="Audit log"
        list={list}
        keyOf={({ id }) => id}
        columns={columnsOf(place)}
        detail={(row) => <AuditDetail row={row} />}
        empty={
          <EmptyState command={`npm run -s foyer -- audit list --organisation ${place.slug}`}>
            Nothing was done in {place.name} yet.
          </EmptyState>
        }
      />
      <Verify />
    </Page>
  )
}

/** What is shown, all pages of it; a plain link, so that the browser keeps a large file to itself. */
function Download({ list, place }: { list: List<AuditRow>; place: Place }) {
  const query = new URLSearchParams(Object.entries(list.filters).filter(([, value]) => value))
  const search = query.size === 0 ? '' : `?${query}`
  return (
    <>
      {list.hasFilters && (
        <Button look="quiet" onClick={list.clearFilters}>
          Show everything
        </Button>
      )}
      <a
        class="button second"
        href={`/admin/api/v1${place.api('/audit.csv')}${search}`}
        download={`audit-${place.slug}.csv`}
      >
        Download as CSV
      </a>
    </>
  )
}

function columnsOf(place: Place): Column<AuditRow>[] {
  return [
    { title: 'What', cell: ({ action }) => actionWords(action) },
    { title: 'Who', cell: (row) => <bdi>{actorWords(row)}</bdi> },
    { title: 'To what', cell: (row) => <Target row={row} place={place} /> },
    { title: 'When', cell: ({ at }) => <Moment at={at} /> },
  ]
}

function Target({ row, place }: { row: AuditRow; place: Place }) {
  if (row.target === null) return <span class="soft">—</span>
  const page = targetPage(row)
  const id = <code class="target">{row.target}</code>
  return page === undefined ? id : <a href={place.href(page)}>{id}</a>
}
