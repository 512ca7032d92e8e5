// The first page of an organisation: who signs in, how much there is, and where applications connect.

import type { adminApi } from '@foyer/contract'
import type { Listed } from '../../api.ts'
import { ButtonLink } from '../../kit/button.tsx'
import { DayChart } from '../../kit/day-chart.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Loaded } from '../../kit/loaded.tsx'
import { Page, Section } from '../../kit/page.tsx'
import { useOrganisation } from '../../state/operator.ts'
import { useRead } from '../../state/queries.ts'
import { Endpoints } from './endpoints.tsx'

type Numbers = adminApi.DataOf<typeof adminApi.organisations.showOverview>

const number = new Intl.NumberFormat()

export function Overview() {
  const place = useOrganisation()
  const reading = useRead<Numbers>(place.api('/overview'))
  return (
    <Page title="Overview" lead={`Who signs in to ${place.name}, and where applications connect.`}>
      <Section title="Sign-ins" lead="Days are those of the organisation's own time zone.">
        <Loaded reading={reading} lines={10}>
          {(numbers) => <SignIns numbers={numbers} />}
        </Loaded>
      </Section>
      <Endpoints />
    </Page>
  )
}

/** The totals are some minutes old: that there is no client is asked anew. */
function useHasClients(counted: number): boolean {
  const place = useOrganisation()
  const { data } = useRead<Listed<unknown>>(
    place.api('/clients'),
    { limit: 1 },
    { isOff: counted > 0 },
  )
  return counted > 0 || data?.items.length !== 0
}

function SignIns({ numbers }: { numbers: Numbers }) {
  const hasClients = useHasClients(numbers.clients)
  const newAccounts = numbers.days.reduce((sum, day) => sum + day.new_accounts, 0)
  const totals = [
    { name: 'New accounts in 30 days', count: newAccounts },
    { name: 'Customers', count: numbers.customers },
    { name: 'Sessions now', count: numbers.live_sessions },
    { name: 'Clients', count: numbers.clients },
  ]
  if (!hasClients) return <NoClients />
  return (
    <>
      <dl class="numbers">
        {totals.map(({ name, count }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{number.format(count)}</dd>
          </div>
        ))}
      </dl>
      <DayChart
        label="Sign-ins per day"
        days={numbers.days.map(({ day, sign_ins }) => ({ day, count: sign_ins }))}
      />
    </>
  )
}

function NoClients() {
  const { slug, may, href } = useOrganisation()
  return (
    <EmptyState
      action={
        may('editor') && (
          <ButtonLink look="primary" href={href('/clients/new')}>
            Connect an application
          </ButtonLink>
        )
      }
      command={`npm run -s foyer -- clients create --organisation ${slug} --kind web --name Shop --redirect-uri https://shop.example/callback`}
    >
      No application signs customers in here yet.
    </EmptyState>
  )
}
