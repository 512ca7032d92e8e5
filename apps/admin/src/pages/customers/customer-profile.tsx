// What is known of a customer: changed by who may, and shown to who may not.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { ApiError } from '../../api.ts'
import { Button } from '../../kit/button.tsx'
import { ErrorSummary } from '../../kit/error-summary.tsx'
import { Facts } from '../../kit/facts.tsx'
import { Section } from '../../kit/page.tsx'
import { UnsavedBar } from '../../kit/unsaved-bar.tsx'
import { useForm } from '../../state/form.ts'
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
  // What was begun with. Newer ones do not take its place while somebody writes: their change has to be made on
  // what they saw, or another one's would be taken back with it.
  const [base, setBase] = useState({ customer, version: reading.version })
  const saved = useRef<number | undefined>(undefined)
  const initial = useMemo(() => profileOf(base.customer), [base])
  const form = useForm({
    initial,
    check: profileChecks,
    save: (values) =>
      api.send<Customer>('PATCH', place.api(`/customers/${customer.id}`), {
        body: patchOf(initial, values),
        version: base.version,
      }),
    changes: [place.api('/customers')],
    onSaved(next) {
      saved.current = next.version
      notify(`${nameOf(next)} is changed.`)
    },
  })
  const { isChanged, refusals, error } = form
  useEffect(() => {
    if (isChanged && customer.version !== saved.current) return
    setBase({ customer, version: reading.version })
  }, [customer, reading.version, isChanged])
  const isConflict =
    refusals > 0 && error instanceof ApiError && error.code === 'precondition_failed'
  const takeOver = (): void => {
    form.reset()
    reading.readAgain()
  }
  return (
    <Section
      title="Profile"
      lead="What applications read that may. Leave empty what you do not know. The e-mail address stays: it is proven by a code."
    >
      <form class="form" noValidate onSubmit={form.submit}>
        <ErrorSummary form={form} />
        {isConflict && (
          <div class="actions">
            <p>Look at what is kept now, and make your change to that.</p>
            <Button onClick={takeOver}>Discard mine, and show what is kept</Button>
          </div>
        )}
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
