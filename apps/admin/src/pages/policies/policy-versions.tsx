// The versions of a policy: none ever changes, and any can be published again.

import { useState } from 'preact/hooks'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Table } from '../../kit/table.tsx'
import { PublishAgain, usePublished } from '../../kit/versions.tsx'
import { useList } from '../../state/list.ts'
import { useOrganisation } from '../../state/operator.ts'
import { languageNames, type Policy, type PolicyVersion } from './policy.ts'
import { PublishDialog } from './publish-policy.tsx'

export function PolicyVersions({ policy }: { policy: Policy }) {
  const { kind, current } = policy
  const place = useOrganisation()
  const list = useList<PolicyVersion>(place.api(`/policies/${kind}/versions`), { limit: 10 })
  const published = usePublished<PolicyVersion>()
  const [repeats, setRepeats] = useState<number>()
  const again = ({ number }: PolicyVersion) => (
    <PublishAgain
      number={number}
      current={current?.number}
      word="Read now"
      onAsk={() => setRepeats(number)}
    />
  )
  return (
    <section class="versions" aria-labelledby="versions">
      <h2 id="versions">Versions</h2>
      <Table
        caption="Versions"
        list={list}
        keyOf={({ number }) => String(number)}
        columns={[
          {
            title: 'Version',
            cell: ({ number, address }) => (
              <a href={address} target="_blank" rel="noreferrer">
                Version {number}
                <span class="unseen"> (opens a new tab)</span>
              </a>
            ),
          },
          { title: 'Languages', cell: (version) => languageNames(version.languages) },
          ...published,
          {
            title: 'Accepted',
            cell: (version) => (version.needs_acceptance ? 'Asked anew' : 'As before'),
          },
          { title: 'Use', cell: again },
        ]}
        empty={
          <EmptyState
            command={`npm run -s foyer -- policies publish ${kind} ${kind}.md --organisation ${place.slug}`}
          >
            Nothing was published yet: customers find no link to it.
          </EmptyState>
        }
      />
      {repeats !== undefined && (
        <PublishDialog policy={policy} what={{ repeats }} onClose={() => setRepeats(undefined)} />
      )}
    </section>
  )
}
