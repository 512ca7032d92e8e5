// One customer: the account that signs in as them, their profile, and their end.

import { useRoute } from 'preact-iso/router'
import { ApiError } from '../../api.ts'
import { Facts } from '../../kit/facts.tsx'
import { Loaded } from '../../kit/loaded.tsx'
import { Moment } from '../../kit/moment.tsx'
import { NotFound } from '../../kit/not-found.tsx'
import { Page, Section } from '../../kit/page.tsx'
import { useOrganisation } from '../../state/operator.ts'
import { useRead } from '../../state/queries.ts'
import { ErasePerson } from '../people/erase-person.tsx'
import { OwnAccount } from '../people/own-account.tsx'
import { type CustomerDetails, nameOf } from '../people/person.ts'
import { CustomerAccount } from './customer-account.tsx'
import { CustomerProfile, ShownProfile } from './customer-profile.tsx'
import type { CustomerProps } from './customer-props.ts'

export function CustomerPage() {
  const { id = '' } = useRoute().params
  const place = useOrganisation()
  const reading = useRead<CustomerDetails>(place.api(`/customers/${encodeURIComponent(id)}`))
  if (reading.error instanceof ApiError && reading.error.status === 404) return <NotFound />
  return (
    <Page
      title={reading.data ? nameOf(reading.data) : 'Customer'}
      above={[{ title: 'Customers', href: place.href('/customers') }]}
    >
      <Loaded reading={reading} lines={8}>
        {(customer) => <Parts key={customer.id} customer={customer} reading={reading} />}
      </Loaded>
    </Page>
  )
}

function Parts({ customer, reading }: CustomerProps) {
  const place = useOrganisation()
  return (
    <>
      <Summary customer={customer} />
      <CustomerAccount customer={customer} reading={reading} />
      {place.may('editor') ? (
        <CustomerProfile customer={customer} reading={reading} />
      ) : (
        <ShownProfile customer={customer} />
      )}
      {place.may('owner') && <Erase customer={customer} />}
    </>
  )
}

function Summary({ customer }: { customer: CustomerDetails }) {
  return (
    <Section title="Summary">
      <Facts
        facts={[
          { name: 'E-mail', value: <bdi>{customer.email}</bdi>, copy: customer.email },
          { name: 'Customer id', value: customer.id, copy: customer.id },
          { name: 'Last active', value: <Moment at={customer.last_activity_at} /> },
          { name: 'Created', value: <Moment at={customer.created_at} /> },
          { name: 'Changed', value: <Moment at={customer.updated_at} /> },
        ]}
      />
    </Section>
  )
}

function Erase({ customer }: { customer: CustomerDetails }) {
  const note = customer.account ? (
    <OwnAccount email={customer.email}>You will be signed out of the console.</OwnAccount>
  ) : (
    <p class="small">
      No account is linked. One that was unlinked before is erased by itself, in Accounts.
    </p>
  )
  return (
    <ErasePerson noun="customer" id={customer.id} name={nameOf(customer)} note={note}>
      <li>the profile, and every enquiry they wrote</li>
      {customer.account && (
        <>
          <li>their account: they are signed out everywhere, and tokens are refused</li>
          <li>what they allowed applications, and which policies they accepted</li>
        </>
      )}
    </ErasePerson>
  )
}
