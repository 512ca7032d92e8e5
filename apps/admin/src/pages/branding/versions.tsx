// What was published, when and by whom; any of it can be published again.

import { useState } from 'preact/hooks'
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Table } from '../../kit/table.tsx'
import { PublishAgain, usePublished } from '../../kit/versions.tsx'
import { useList } from '../../state/list.ts'
import { notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { type BrandVersion, schemes } from './brand.ts'

export function Versions({ current }: { current: number | undefined }) {
  const place = useOrganisation()
  const list = useList<BrandVersion>(place.api('/brand/versions'), { limit: 10 })
  const published = usePublished<BrandVersion>()
  const [older, setOlder] = useState<BrandVersion>()
  const again = (version: BrandVersion) => (
    <PublishAgain
      number={version.number}
      current={current}
      word="Shown now"
      onAsk={() => setOlder(version)}
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
          { title: 'Version', cell: ({ number }) => `Version ${number}` },
          { title: 'Colours', cell: (version) => <Swatches version={version} /> },
          ...published,
          { title: 'Use', cell: again },
        ]}
        empty={
          <EmptyState command={`npm run -s foyer -- brand publish --organisation ${place.slug}`}>
            Nothing was published yet: customers see Foyer’s own look.
          </EmptyState>
        }
      />
      {older && <Again version={older} onClose={() => setOlder(undefined)} />}
    </section>
  )
}

function Swatches({ version }: { version: BrandVersion }) {
  return (
    <span class="swatches">
      {schemes.map((scheme) => {
        const { background, text, accent } = version.colours[scheme]
        return (
          <svg key={scheme} viewBox="0 0 48 24" aria-hidden="true">
            <rect x="0.5" y="0.5" width="47" height="23" rx="6" fill={background} />
            <circle cx="15" cy="12" r="5" fill={text} />
            <circle cx="33" cy="12" r="5" fill={accent} />
          </svg>
        )
      })}
      <span class="unseen">
        {version.colours.light.accent} on light pages, {version.colours.dark.accent} on dark ones
      </span>
    </span>
  )
}

function Again({ version, onClose }: { version: BrandVersion; onClose(): void }) {
  const place = useOrganisation()
  const { api } = useParts()
  const { number } = version
  return (
    <ConfirmDialog
      title={`Publish version ${number} again?`}
      action="Publish it again"
      look="primary"
      keep="Not now"
      run={(intent) => {
        const body = { repeats: number }
        return api.send<BrandVersion>('POST', place.api('/brand/versions'), { body, intent })
      }}
      changes={[place.api('/brand')]}
      onDone={() =>
        notify(`Version ${number} is published again. Pages and mails follow within seconds.`)
      }
      onClose={onClose}
    >
      <p>
        It becomes the newest version: its colours, typeface and pictures are shown within five
        seconds. The draft stays as it is.
      </p>
    </ConfirmDialog>
  )
}
