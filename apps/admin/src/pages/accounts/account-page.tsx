// One account: who it is, where they are signed in, what they allowed, and its end.

import { useRoute } from 'preact-iso/router'
import { ApiError } from '../../api.ts'
import { Facts } from '../../kit/facts.tsx'
import { Loaded } from '../../kit/loaded.tsx'
import { Moment } from '../../kit/moment.tsx'
import { NotFound } from '../../kit/not-found.tsx'
import { Page, Section } from '../../kit/page.tsx'
import { StatusWord } from '../../kit/status-word.tsx'
import { useOrganisation } from '../../state/operator.ts'
import { useRead } from '../../state/queries.ts'
import { ErasePerson } from '../people/erase-person.tsx'
import { OwnAccount } from '../people/own-account.tsx'
import { type AccountDetails, type CustomerDetails, nameOf, stateOf } from '../people/person.ts'
import { AccountPermissions } from './account-permissions.tsx'
import { AccountSessions } from './account-sessions.tsx'
import { AccountState } from './account-state.tsx'

export function AccountPage() {
  const { id = '' } = useRoute().params
  const place = useOrganisation()
  const reading = useRead<AccountDetails>(place.api(`/accounts/${encodeURIComponent(id)}`))
  if (reading.error instanceof ApiError && reading.error.status === 404) return <NotFound />
  return (
    <Page
      title={reading.data?.email ?? 'Account'}
      above={[{ title: 'Accounts', href: place.href('/accounts') }]}
    >
      <Loaded reading={reading} lines={8}>
        {(account) => <Parts key={account.id} account={account} />}
      </Loaded>
    </Page>
  )
}

function Parts({ account }: { account: AccountDetails }) {
  const place = useOrganisation()
  return (
    <>
      <Summary account={account} />
      <AccountSessions account={account} />
      <AccountPermissions account={account} />
      {place.may('editor') && <AccountState account={account} />}
      {place.may('owner') && <Erase account={account} />}
    </>
  )
}

function Summary({ account }: { account: AccountDetails }) {
  return (
    <Section title="Summary">
      <Facts
        facts={[
          { name: 'State', value: <StatusWord {...stateOf(account)} /> },
          { name: 'E-mail', value: <bdi>{account.email}</bdi>, copy: account.email },
          { name: 'Account id', value: account.id, copy: account.id },
          { name: 'Customer', value: <LinkedCustomer id={account.customer_id} /> },
          ...(account.locale ? [{ name: 'Language', value: account.locale }] : []),
          { name: 'First sign-in', value: <Moment at={account.created_at} /> },
          { name: 'Last sign-in', value: <Moment at={account.last_sign_in_at} /> },
          { name: 'Last active', value: <Moment at={account.last_activity_at} /> },
        ]}
      />
    </Section>
  )
}

function LinkedCustomer({ id }: { id: string | null }) {
  const place = useOrganisation()
  const { data } = useRead<CustomerDetails>(
    place.api(`/customers/${id}`),
    {},
    { isOff: id === null },
  )
  if (id === null) return <span class="soft">None</span>
  return (
    <a class="to" href={place.href(`/customers/${id}`)}>
      <bdi>{data ? nameOf(data) : id}</bdi>
    </a>
  )
}

function Erase({ account }: { account: AccountDetails }) {
  return (
    <ErasePerson
      noun="account"
      id={account.id}
      name={account.email}
      note={<OwnAccount email={account.email}>You will be signed out of the console.</OwnAccount>}
    >
      <li>the account: they are signed out everywhere, and tokens are refused</li>
      <li>what they allowed applications, and which policies they accepted</li>
      {account.customer_id !== null && (
        <li>the customer whom it is linked to: the profile, and every enquiry they wrote</li>
      )}
      <li>whoever signs in with the address later is somebody new</li>
    </ErasePerson>
  )
}
