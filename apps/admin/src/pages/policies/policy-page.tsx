// One policy: what customers read, the draft in each language, and the versions.

import { useRoute } from 'preact-iso/router'
import { Loaded } from '../../kit/loaded.tsx'
import { Moment } from '../../kit/moment.tsx'
import { NotFound } from '../../kit/not-found.tsx'
import { Page } from '../../kit/page.tsx'
import { useOrganisation } from '../../state/operator.ts'
import { useRead } from '../../state/queries.ts'
import { type Kind, kinds, type Policies, type Policy } from './policy.ts'
import { PolicyEditor } from './policy-editor.tsx'
import { PolicyVersions } from './policy-versions.tsx'

export function PolicyPage() {
  const { kind = '' } = useRoute().params
  if (!Object.hasOwn(kinds, kind)) return <NotFound />
  return <OnePolicy key={kind} kind={kind as Kind} />
}

function OnePolicy({ kind }: { kind: Kind }) {
  const place = useOrganisation()
  const reading = useRead<Policies>(place.api('/policies'))
  const policy = reading.data?.items.find((each) => each.kind === kind)
  return (
    <Page
      title={kinds[kind].title}
      lead={policy ? <Standing policy={policy} /> : kinds[kind].detail}
      above={[{ title: 'Policies', href: place.href('/policies') }]}
    >
      <Loaded reading={reading} lines={8}>
        {() => policy && <Parts policy={policy} />}
      </Loaded>
    </Page>
  )
}

function Parts({ policy }: { policy: Policy }) {
  const place = useOrganisation()
  return (
    <>
      {place.may('editor') && <PolicyEditor policy={policy} />}
      <PolicyVersions policy={policy} />
    </>
  )
}

function Standing({ policy: { kind, current } }: { policy: Policy }) {
  if (!current) return <>{kinds[kind].detail} Nothing is published yet.</>
  const { number, published_at: at, address } = current
  return (
    <>
      Customers read{' '}
      <a href={address.replace(/\/\d+$/, '')} target="_blank" rel="noreferrer">
        version {number}
        <span class="unseen"> (opens a new tab)</span>
      </a>
      , published <Moment at={at} />.
    </>
  )
}
