// Makes an API key: what it is for, what it may do, how long; then it is shown, this once.

import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso/router'
import { Button, ButtonLink } from '../../kit/button.tsx'
import { Choices } from '../../kit/choices.tsx'
import { CodeBlock } from '../../kit/code-block.tsx'
import { ErrorSummary } from '../../kit/error-summary.tsx'
import { Field } from '../../kit/field.tsx'
import { Page, Section } from '../../kit/page.tsx'
import { SecretOnce } from '../../kit/secret-once.tsx'
import { Select } from '../../kit/select.tsx'
import { useForm } from '../../state/form.ts'
import { type Place, useOperator, useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { useUnsaved } from '../../state/unsaved.ts'
import { type CreatedApiKey, pathOf, type Reach } from './api-key.ts'
import { ScopeTable } from './scope-table.tsx'
import { isUseful } from './scopes.ts'

const roles = [
  { value: 'viewer', label: 'Viewer', detail: 'Reads, and changes nothing.' },
  { value: 'editor', label: 'Editor', detail: 'Also writes what editors look after.' },
  { value: 'owner', label: 'Owner', detail: 'Writes whatever is chosen below.' },
]

/** In days. */
const lives = ['7', '30', '90', '180', '365'].map((days) => ({
  value: days,
  label: `${days} days`,
}))

const initial = {
  reach: 'organisation' as Reach,
  name: '',
  role: 'viewer',
  scopes: [] as readonly string[],
  expires_at: '90',
}

export function NewApiKey() {
  const place = useOrganisation()
  const { route } = useLocation()
  const [created, setCreated] = useState<CreatedApiKey>()
  const form = useNewKey(place, setCreated)
  useUnsaved(form.isChanged && !created)
  const list = place.href('/api-keys')
  return (
    <Page
      title="New API key"
      lead="For a program that looks after your organisation without people. It is shown once."
      above={[{ title: 'API keys', href: list }]}
    >
      <form noValidate onSubmit={form.submit}>
        <ErrorSummary form={form} />
        <Purpose form={form} place={place} />
        <Section title="What it may do" lead="No more than its role and its scopes both allow.">
          <div class="form">
            <Choices {...form.field('role')} label="Role" choices={roles} />
            <ScopeTable
              {...form.field('scopes')}
              role={form.values.role}
              label="Scopes"
              hint="What the role cannot do cannot be chosen."
            />
          </div>
        </Section>
        <div class="actions">
          <Button type="submit" look="primary" isBusy={form.isSaving} busyLabel="Making …">
            Make the key
          </Button>
          <ButtonLink look="quiet" href={list}>
            Cancel
          </ButtonLink>
        </div>
      </form>
      <SecretOnce
        title={`API key “${created?.name}”`}
        secret={created?.key}
        onStored={() => route(list, true)}
      >
        <p>Your program sends it with every request:</p>
        <CodeBlock label="header" text="Authorization: Bearer API_KEY" />
      </SecretOnce>
    </Page>
  )
}

function Purpose({ form, place }: { form: ReturnType<typeof useNewKey>; place: Place }) {
  const { isPlatformOwner } = useOperator()
  return (
    <Section title="What it is for">
      <div class="form">
        <Field
          {...form.field('name')}
          label="Name"
          hint="Such as the program, and where it runs. It stands in the audit log."
          maxLength={80}
        />
        {isPlatformOwner && (
          <Choices
            {...form.field('reach')}
            label="Where it works"
            choices={reachesOf(place)}
            onChange={(reach) => form.set({ reach: reach as Reach })} // one of the two below
          />
        )}
        <Select
          {...form.field('expires_at')}
          label="How long it lives"
          hint="It ends at the end of that day. Make the next one before."
          options={lives}
        />
      </div>
    </Section>
  )
}

function reachesOf({ name }: Place) {
  return [
    { value: 'organisation', label: `In ${name}` },
    {
      value: 'platform',
      label: 'In all organisations',
      detail: 'Also in those to come. As an owner it may do what a platform owner may.',
    },
  ]
}

function useNewKey(place: Place, onSaved: (created: CreatedApiKey) => void) {
  const { api } = useParts()
  return useForm({
    initial,
    check: {
      name: (name) => (name.trim() === '' ? 'Give it a name.' : undefined),
      scopes: (scopes, { role }) =>
        scopes.some((scope) => isUseful(scope, role)) ? undefined : 'Choose at least one scope.',
    },
    save: ({ reach, name, role, scopes, expires_at }, intent) =>
      api.send<CreatedApiKey>('POST', pathOf(reach, place), {
        body: {
          name,
          role,
          scopes: scopes.filter((scope) => isUseful(scope, role)),
          expires_at: endOfDayIn(Number(expires_at)),
        },
        intent,
      }),
    changes: ['/api-keys', place.api('/api-keys')],
    onSaved,
  })
}

/** The same all day: tried again, it is the same request. */
function endOfDayIn(days: number): string {
  const at = new Date()
  at.setDate(at.getDate() + days)
  at.setHours(23, 59, 59, 999)
  return at.toISOString()
}
