// Changes what applications may register by themselves.

import { useMemo } from 'preact/hooks'
import { Behind } from '../../kit/behind.tsx'
import { Checks } from '../../kit/choices.tsx'
import { ErrorSummary } from '../../kit/error-summary.tsx'
import { Facts } from '../../kit/facts.tsx'
import { Field } from '../../kit/field.tsx'
import { Section } from '../../kit/page.tsx'
import { Switch } from '../../kit/switch.tsx'
import { UnsavedBar } from '../../kit/unsaved-bar.tsx'
import { useEdit } from '../../state/edit.ts'
import { notify } from '../../state/live.ts'
import { type Place, useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import type { Reading } from '../../state/queries.ts'
import { apiScopes } from '../clients/api-scopes.ts'
import { retold } from './refusal.ts'
import {
  authChoices,
  changeOf,
  fieldNames,
  kindChoices,
  type Policy,
  valuesOf,
} from './registration-policy.ts'

export function PolicyForm({ policy, reading }: { policy: Policy; reading: Reading<Policy> }) {
  const place = useOrganisation()
  const edit = usePolicyEdit(place, policy, reading)
  const { form } = edit
  return (
    <Section
      title="What may be registered"
      lead="What has registered stays as it is, and is looked after like any client. It is third-party: customers are asked for permission."
    >
      <form class="form" noValidate onSubmit={form.submit}>
        <ErrorSummary form={form} />
        <Behind edit={edit} />
        <Switch
          {...form.field('enabled')}
          label="Applications can register themselves"
          hint="Off: the address answers 404, and what has registered can no longer manage its registration."
        />
        {policy.enabled && (
          <Facts
            facts={[{ name: 'They register at', value: policy.endpoint, copy: policy.endpoint }]}
          />
        )}
        <Checks {...form.field('kinds')} label="What may register" choices={kindChoices} />
        <Checks
          {...form.field('auth_methods')}
          label="How it may show who it is"
          choices={authChoices}
        />
        <Checks
          {...form.field('api_scopes')}
          label="What it may ask of the Client API"
          hint="Without any, applications only sign people in."
          choices={apiScopes}
        />
        <Field
          {...form.field('redirect_hosts')}
          label="Hosts to which customers may be sent"
          hint="One in each line, to the letter. Empty: any host. A list leaves out apps’ own schemes, which have no host."
          placeholder="app.example.com"
          lines={3}
          isCode
          isOptional
        />
        {place.may('platform-owner') && (
          <Switch
            {...form.field('pkce')}
            label="PKCE is required"
            hint="Turn it off only for certification: web applications may then do without."
          />
        )}
        <UnsavedBar form={form} />
      </form>
    </Section>
  )
}

function usePolicyEdit(place: Place, policy: Policy, reading: Reading<Policy>) {
  const { api } = useParts()
  const path = place.api('/registration')
  const initial = useMemo(() => valuesOf(policy), [policy])
  return useEdit({
    initial,
    reading,
    check: {
      kinds: (kinds) => (kinds.length === 0 ? 'Choose what may register.' : undefined),
      auth_methods: (methods) =>
        methods.length === 0 ? 'Choose how it may show who it is.' : undefined,
    },
    save: (values, version) =>
      api
        .send<Policy>('PATCH', path, { body: changeOf(policy, values), version })
        .catch(retold({ fields: fieldNames })),
    changes: [path],
    onSaved: ({ enabled }) =>
      notify(`Saved. Registration is ${enabled ? 'on' : 'off'}, everywhere within five seconds.`),
  })
}
