// What an organisation chooses: its name, where it is, who may sign up, whom its mails are from, where help is.

import { useMemo } from 'preact/hooks'
import { Behind } from '../../kit/behind.tsx'
import { Choices } from '../../kit/choices.tsx'
import { ErrorSummary } from '../../kit/error-summary.tsx'
import { Facts } from '../../kit/facts.tsx'
import { Field } from '../../kit/field.tsx'
import { Loaded } from '../../kit/loaded.tsx'
import { Section } from '../../kit/page.tsx'
import { Select } from '../../kit/select.tsx'
import { Switch } from '../../kit/switch.tsx'
import { UnsavedBar } from '../../kit/unsaved-bar.tsx'
import { useEdit } from '../../state/edit.ts'
import type { Form } from '../../state/form.ts'
import { notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { type Reading, useRead } from '../../state/queries.ts'
import { currencies, including, languages, timeZones } from '../organisations/world.ts'
import {
  changeOf,
  choicesOf,
  fieldNames,
  type Organisation,
  type OrganisationChoices,
  signUpChoices,
} from './organisation.ts'
import { retold } from './refusal.ts'
import { SettingsPage } from './settings-page.tsx'

export function General() {
  const place = useOrganisation()
  const reading = useRead<Organisation>(place.api(''))
  return (
    <SettingsPage
      title="General settings"
      lead={`What ${place.name} is called, who may sign up, and where its customers find help.`}
    >
      <Loaded reading={reading} lines={8}>
        {(organisation) =>
          place.may('owner') ? (
            <GeneralForm organisation={organisation} reading={reading} />
          ) : (
            <GeneralFacts organisation={organisation} />
          )
        }
      </Loaded>
    </SettingsPage>
  )
}

function GeneralForm(props: { organisation: Organisation; reading: Reading<Organisation> }) {
  const { organisation, reading } = props
  const place = useOrganisation()
  const { api } = useParts()
  const initial = useMemo(() => choicesOf(organisation), [organisation])
  const edit = useEdit({
    initial,
    reading,
    check: {
      name: (name) => (name.trim() === '' ? 'Give it a name.' : undefined),
      mail_name: (name, { mail_address, mail_reply_to }) =>
        name.trim() === '' && `${mail_address}${mail_reply_to}`.trim() !== ''
          ? 'Give the sender a name, or leave its addresses empty.'
          : undefined,
    },
    save: (values, version) =>
      api
        .send<Organisation>('PATCH', place.api(''), {
          body: changeOf(organisation, values),
          version,
        })
        .catch(retold({ fields: fieldNames })),
    changes: ['/organisations', '/me'],
    onSaved: () => notify('Saved. Everybody follows within two seconds.'),
  })
  const { form } = edit
  return (
    <form noValidate onSubmit={form.submit}>
      <ErrorSummary form={form} />
      <Behind edit={edit} />
      <Itself form={form} />
      <SignUp form={form} />
      <Mails form={form} />
      <Support form={form} />
      <UnsavedBar form={form} />
    </form>
  )
}

type Props = { form: Form<OrganisationChoices> }

function Itself({ form }: Props) {
  const { locale, time_zone: timeZone, currency } = form.values
  return (
    <Section title="Name and place">
      <div class="form">
        <Field
          {...form.field('name')}
          label="Name"
          hint="Customers read it on the sign-in page and in every mail."
          autocomplete="organization"
        />
        <Select {...form.field('locale')} label="Language" options={including(languages, locale)} />
        <Select
          {...form.field('time_zone')}
          label="Time zone"
          hint="Days begin and end in it."
          options={including(timeZones, timeZone)}
        />
        <Select
          {...form.field('currency')}
          label="Currency"
          options={including(currencies, currency)}
        />
      </div>
    </Section>
  )
}

function SignUp({ form }: Props) {
  return (
    <Section title="Sign-up">
      <div class="form">
        <Choices {...form.field('sign_up')} label="Who may sign in" choices={signUpChoices} />
        <Switch
          {...form.field('makes_customers')}
          label="A first sign-in makes a customer"
          hint="When no customer record has the address yet. Otherwise there is an account without a customer."
        />
      </div>
    </Section>
  )
}

function Mails({ form }: Props) {
  const { name } = useOrganisation()
  return (
    <Section title="Mail sender" lead="Whom the mails to customers come from.">
      <div class="form">
        <Field
          {...form.field('mail_name')}
          label="Sender name"
          hint={`Empty: ${name}.`}
          isOptional
        />
        <Field
          {...form.field('mail_address')}
          label="Sender address"
          type="email"
          hint="In the domain that this installation mails from, or of the organisation’s own host. The mail server has to be allowed to send for it (SPF, DKIM). Empty: the installation’s address."
          isCode
          isOptional
        />
        <Field
          {...form.field('mail_reply_to')}
          label="Address for answers"
          type="email"
          hint="Where a customer’s answer to a mail goes."
          isCode
          isOptional
        />
      </div>
    </Section>
  )
}

function Support({ form }: Props) {
  return (
    <Section title="Support" lead="Where customers find help: below every page and every mail.">
      <div class="form">
        <Field
          {...form.field('support_email')}
          label="Support address"
          type="email"
          isCode
          isOptional
        />
        <Field
          {...form.field('support_url')}
          label="Support page"
          hint="An https address."
          type="url"
          isCode
          isOptional
        />
      </div>
    </Section>
  )
}

function GeneralFacts({ organisation }: { organisation: Organisation }) {
  const { mail_sender: sender } = organisation
  const given = (text: string | null | undefined) => text ?? <span class="soft">None</span>
  return (
    <Section title="What was chosen" lead="Owners can change it.">
      <Facts
        facts={[
          { name: 'Name', value: organisation.name },
          { name: 'Language', value: organisation.locale },
          { name: 'Time zone', value: organisation.time_zone },
          { name: 'Currency', value: organisation.currency },
          {
            name: 'Sign-up',
            value: signUpChoices.find(({ value }) => value === organisation.sign_up)?.label,
          },
          {
            name: 'A first sign-in makes a customer',
            value: organisation.makes_customers ? 'Yes' : 'No',
          },
          { name: 'Sender name', value: sender?.name ?? organisation.name },
          { name: 'Sender address', value: sender?.address ?? 'The installation’s' },
          { name: 'Address for answers', value: given(sender?.reply_to) },
          { name: 'Support address', value: given(organisation.support_email) },
          { name: 'Support page', value: given(organisation.support_url) },
        ]}
      />
    </Section>
  )
}
