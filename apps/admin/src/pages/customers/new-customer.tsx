// Makes a customer: the address they sign in with, and what is known of them.

import { useLocation } from 'preact-iso/router'
import { Button, ButtonLink } from '../../kit/button.tsx'
import { ErrorSummary } from '../../kit/error-summary.tsx'
import { Field } from '../../kit/field.tsx'
import { NotFound } from '../../kit/not-found.tsx'
import { Page, Section } from '../../kit/page.tsx'
import { useForm } from '../../state/form.ts'
import { notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { useUnsaved } from '../../state/unsaved.ts'
import { type Customer, nameOf } from '../people/person.ts'
import { emptyProfile, patchOf, profileChecks } from './profile.ts'
import { ProfileFields } from './profile-fields.tsx'

const initial = { email: '', ...emptyProfile }

export function NewCustomer() {
  return useOrganisation().may('editor') ? <Create /> : <NotFound />
}

function Create() {
  const place = useOrganisation()
  const { api } = useParts()
  const { route } = useLocation()
  const customers = place.api('/customers')
  const form = useForm({
    initial,
    check: {
      ...profileChecks,
      email: (email) => (email.includes('@') ? undefined : 'Enter an e-mail address.'),
    },
    save: ({ email, ...profile }, intent) =>
      api.send<Customer>('POST', customers, {
        body: { email: email.trim(), ...patchOf(emptyProfile, profile) },
        intent,
      }),
    changes: [customers],
    onSaved(customer) {
      notify(`${nameOf(customer)} is a customer now.`)
      route(place.href(`/customers/${customer.id}`), true)
    },
  })
  useUnsaved(form.isChanged)
  return (
    <Page
      title="New customer"
      lead="No mail is sent. When they first sign in with the address, they find what is yours here."
      above={[{ title: 'Customers', href: place.href('/customers') }]}
    >
      <form onSubmit={form.submit} noValidate>
        <ErrorSummary form={form} />
        <Section title="Who it is" lead="Only the e-mail address is needed.">
          <div class="form">
            <Field
              {...form.field('email')}
              label="E-mail address"
              hint="What they sign in with. You cannot change it later: it is proven by a code."
              type="email"
              maxLength={320}
            />
            <ProfileFields values={form.values} bind={form.field} />
          </div>
        </Section>
        <div class="actions">
          <Button type="submit" look="primary" isBusy={form.isSaving} busyLabel="Creating …">
            Create customer
          </Button>
          <ButtonLink look="quiet" href={place.href('/customers')}>
            Cancel
          </ButtonLink>
        </div>
      </form>
    </Page>
  )
}
