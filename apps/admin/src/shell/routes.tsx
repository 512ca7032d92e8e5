// From an address to its page: the first page chooses an organisation, all others name it.

import type { adminApi } from '@foyer/contract'
import type { FunctionComponent } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import { Route, Router, useLocation, useRoute } from 'preact-iso/router'
import { lazyPage } from '../kit/lazy-page.tsx'
import { NotFound } from '../kit/not-found.tsx'
import { Skeleton } from '../kit/skeleton.tsx'
import { sections } from '../sections.ts'
import { homeOf, PlaceProvider, placeOf, useOperator } from '../state/operator.ts'
import { useRead } from '../state/queries.ts'
import { Frame } from './frame.tsx'

export function Routes() {
  return (
    <Router>
      <Route path="/admin" component={First} />
      <Route path="/admin/o/:slug" component={InOrganisation} />
      <Route path="/admin/o/:slug/*" component={InOrganisation} />
      <Route path="/admin/organisations/new" component={CreatePage} />
      <Route path="/admin/organisations/removed" component={RemovedPage} />
      <Route default component={Nowhere} />
    </Router>
  )
}

const NewOrganisation = lazyPage(() => import('../pages/organisations/new.tsx'), 'NewOrganisation')

const RemovedOrganisations = lazyPage(
  () => import('../pages/organisations/removed.tsx'),
  'RemovedOrganisations',
)

const CreatePage = () => <OfPlatform page={NewOrganisation} />
const RemovedPage = () => <OfPlatform page={RemovedOrganisations} />

/** A page outside of all organisations. */
function OfPlatform({ page: Shown }: { page: FunctionComponent }) {
  const { isPlatformOwner } = useOperator()
  if (!isPlatformOwner) return <Nowhere />
  return (
    <Frame>
      <Shown />
    </Frame>
  )
}

type Organisations = adminApi.DataOf<typeof adminApi.organisations.listOrganisations>

const LAST = 'console.organisation'

/** Where somebody was last, else the first that is theirs; a platform owner may own all and be named in none. */
function First() {
  const { organisations, isPlatformOwner } = useOperator()
  const { route } = useLocation()
  const last = localStorage.getItem(LAST)
  const own = organisations.find(({ slug }) => slug === last) ?? organisations[0]
  const all = useRead<Organisations>(
    '/organisations',
    { limit: 100 },
    { isOff: own !== undefined || !isPlatformOwner },
  )
  const items = all.data?.items
  const chosen = own ?? items?.find((each) => each.default) ?? items?.[0]
  useEffect(() => {
    if (chosen) route(homeOf(chosen.slug), true)
  }, [chosen, route])
  return chosen || all.isReading ? null : <Nowhere />
}

function Nowhere() {
  return (
    <Frame>
      <NotFound />
    </Frame>
  )
}

function InOrganisation() {
  const { slug = '' } = useRoute().params
  const operator = useOperator()
  const known = operator.organisations.find((each) => each.slug === slug)
  // Platform owners hold owner everywhere, also where they have no role of their own.
  const isElsewhere = known === undefined && operator.isPlatformOwner
  const { data, error } = useRead<{ slug: string; name: string }>(
    `/organisations/${encodeURIComponent(slug)}`,
    {},
    { isOff: !isElsewhere },
  )
  const place = useMemo(() => {
    const found = known ?? (data && { ...data, role: 'platform-owner' as const })
    return found && placeOf(found)
  }, [known, data])
  useEffect(() => {
    if (place) localStorage.setItem(LAST, place.slug)
  }, [place])
  if (!place && isElsewhere && !error)
    return (
      <Frame>
        <Skeleton lines={5} />
      </Frame>
    )
  if (!place) return <Nowhere />
  return (
    <PlaceProvider value={place} key={place.slug}>
      <Frame>
        <Router>
          {sections
            .filter(({ least }) => place.may(least))
            .flatMap(({ pages }) => pages)
            .map(({ path, page }) => (
              <Route key={path} path={path || '/'} component={page} />
            ))}
          <Route default component={NotFound} />
        </Router>
      </Frame>
    </PlaceProvider>
  )
}
