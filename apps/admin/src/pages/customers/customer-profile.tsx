// What is known of a customer: changed by who may, and shown to who may not.

import { useMemo } from 'preact/hooks'
import { Behind } from '../../kit/behind.tsx'
import { ErrorSummary } from '../../kit/error-summary.tsx'
import { Facts } from '../../kit/facts.tsx'
import { Section } from '../../kit/page.tsx'
import { UnsavedBar } from '../../kit/unsaved-bar.tsx'
import { useEdit } from '../../state/edit.ts'
import { notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { type Customer, type CustomerDetails, nameOf } from '../people/person.ts'
import type { CustomerProps } from './customer-props.ts'
import { countryName } from './places.ts'
import { patchOf, profileChecks, profileOf } from './profile.ts'
import { ProfileFields } from './profile-fields.tsx'

export function CustomerProfile({ customer, reading }: CustomerProps) {
  const place = useOrganisation()
  const { api } = useParts()
  const initial = useMemo(() => profileOf(customer), [customer])
  const edit = useEdit({
    initial,
    reading,
    check: profileChecks,
    save: (values, version) =>
      api.send<Customer>('PATCH', place.api(`/customers/${customer.id}`), {
        body: patchOf(initial, values),
        version,
      }),
    changes: [place.api('/customers')],
    onSaved: (next) => notify(`${nameOf(next)} is changed.`),
  })
  const { form } = edit
  return (
    <Section
      title="Profile"
      lead="What applications read that may. Leave empty what you do not know. The e-mail address stays: it is proven by a code."
    >
      <form class="form" noValidate onSubmit={form.submit}>
        <ErrorSummary form={form} />
        <Behind edit={edit} />
        <ProfileFields values={form.values} bind={form.field} />
        <UnsavedBar form={form} />
      </form>
    </Section>
  )
}

export function ShownProfile({ customer }: { customer: CustomerDetails }) {
  const { address } = customer
  const lines = address && [
    address.line1,
    address.line2,
    [address.postal_code, address.city].filter(Boolean).join(' '),
    address.region,
    countryName(address.country),
  ]
  const facts = [
    ['Given name', customer.given_name],
    ['Family name', customer.family_name],
    ['Telephone', customer.phone],
    ['Date of birth', customer.birth_date],
    ['Language', customer.locale],
    ['Time zone', customer.time_zone?.replaceAll('_', ' ')],
    ['Postal address', lines?.filter(Boolean).join(', ')],
  ] as const
  return (
    <Section title="Profile" lead="What applications read that may.">
      <Facts
        facts={facts.map(([name, value]) => ({
          name,
          value: value ? <bdi>{value}</bdi> : <span class="soft">Not known</span>,
        }))}
      />
    </Section>
  )
}
