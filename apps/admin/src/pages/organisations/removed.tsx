// Organisations that were removed in the last 30 days, and can be restored.

import type { adminApi } from '@foyer/contract'
import { useLocation } from 'preact-iso/router'
import { Button } from '../../kit/button.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Fault } from '../../kit/fault.tsx'
import { Moment } from '../../kit/moment.tsx'
import { Page } from '../../kit/page.tsx'
import { Table } from '../../kit/table.tsx'
import { useList } from '../../state/list.ts'
import { notify } from '../../state/live.ts'
import { homeOf } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { useAction } from '../../state/queries.ts'

type Api = typeof adminApi.organisations
type Removed = adminApi.DataOf<Api['listRemovedOrganisations']>['items'][number]
type Restored = adminApi.DataOf<Api['restoreOrganisation']>

const PATH = '/removed-organisations'

export function RemovedOrganisations() {
  const list = useList<Removed>(PATH)
  const { api } = useParts()
  const { route } = useLocation()
  const restoring = useAction({
    run: (slug: string) => api.send<Restored>('POST', `${PATH}/${slug}/restore`),
    changes: [PATH, '/organisations', '/me'],
  })
  const restore = async (slug: string): Promise<void> => {
    const restored = await restoring.start(slug)
    if (!restored) return
    notify(`${restored.data.name} is restored. Everybody signs in again.`)
    route(homeOf(slug))
  }
  return (
    <Page
      title="Removed organisations"
      lead="For 30 days each can be restored: its customers, clients and settings are as they were, and everybody signs in again."
    >
      {restoring.error && <Fault error={restoring.error} />}
      <Table
        caption="Removed organisations"
        list={list}
        keyOf={({ slug }) => slug}
        columns={[
          { title: 'Name', cell: ({ name }) => name },
          { title: 'Slug', cell: ({ slug }) => <code class="code">{slug}</code> },
          { title: 'Removed', cell: ({ removed_at }) => <Moment at={removed_at} /> },
          {
            title: 'Can be restored until',
            cell: ({ restorable_until }) => <Moment at={restorable_until} />,
          },
          {
            title: 'Actions',
            cell: ({ slug, name }) => (
              <Button
                label={`Restore ${name}`}
                isBusy={restoring.isRunning}
                onClick={() => restore(slug)}
              >
                Restore
              </Button>
            ),
          },
        ]}
        empty={
          <EmptyState command="npm run -s foyer -- organisations list --removed">
            No organisation was removed in the last 30 days.
          </EmptyState>
        }
      />
    </Page>
  )
}
