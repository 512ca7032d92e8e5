// A page of nothing but the console's kit, on which its behaviour is tried without a server behind it.

import { render } from 'preact'
import { useState } from 'preact/hooks'
import { LocationProvider } from 'preact-iso/router'
import { ApiError, createApi } from '../../../apps/admin/src/api.ts'
import { Button } from '../../../apps/admin/src/kit/button.tsx'
import { Checks, Choices } from '../../../apps/admin/src/kit/choices.tsx'
import { CodeBlock } from '../../../apps/admin/src/kit/code-block.tsx'
import { ConfirmByName } from '../../../apps/admin/src/kit/confirm-by-name.tsx'
import { DayChart } from '../../../apps/admin/src/kit/day-chart.tsx'
import { EmptyState } from '../../../apps/admin/src/kit/empty-state.tsx'
import { ErrorSummary } from '../../../apps/admin/src/kit/error-summary.tsx'
import { Field } from '../../../apps/admin/src/kit/field.tsx'
import { Loaded } from '../../../apps/admin/src/kit/loaded.tsx'
import { Moment } from '../../../apps/admin/src/kit/moment.tsx'
import { Page, Section } from '../../../apps/admin/src/kit/page.tsx'
import { SearchField } from '../../../apps/admin/src/kit/search-field.tsx'
import { SecretOnce } from '../../../apps/admin/src/kit/secret-once.tsx'
import { Select } from '../../../apps/admin/src/kit/select.tsx'
import { Snippets } from '../../../apps/admin/src/kit/snippets.tsx'
import { StatusWord } from '../../../apps/admin/src/kit/status-word.tsx'
import { Switch } from '../../../apps/admin/src/kit/switch.tsx'
import { Table } from '../../../apps/admin/src/kit/table.tsx'
import { UnsavedBar } from '../../../apps/admin/src/kit/unsaved-bar.tsx'
import { Live } from '../../../apps/admin/src/shell/live.tsx'
import { useForm } from '../../../apps/admin/src/state/form.ts'
import { useList } from '../../../apps/admin/src/state/list.ts'
import { notify } from '../../../apps/admin/src/state/live.ts'
import { PartsProvider, useParts } from '../../../apps/admin/src/state/parts.ts'
import { createQueries, useRead } from '../../../apps/admin/src/state/queries.ts'
import { sessionSeen } from '../../../apps/admin/src/state/session.ts'

type Kept = { name: string; zone: string; asks: boolean; kind: string; scopes: readonly string[] }
type Thing = { id: string; name: string; made_at: string; count: number }

function Settings() {
  const reading = useRead<Kept>('/thing')
  return (
    <Loaded reading={reading}>
      {(kept) => <Form kept={kept} {...(reading.version && { version: reading.version })} />}
    </Loaded>
  )
}

function Form({ kept, version }: { kept: Kept; version?: string }) {
  const { api } = useParts()
  const form = useForm({
    initial: kept,
    check: { name: (name) => (name === '' ? 'Give it a name.' : undefined) },
    save: (body) => api.send('PATCH', '/thing', { body, version }),
    changes: ['/thing'],
    onSaved: () => notify('Saved.'),
  })
  return (
    <form onSubmit={form.submit} noValidate>
      <ErrorSummary form={form} />
      <Field label="Name" hint="As customers read it." {...form.field('name')} />
      <Select
        label="Zone"
        options={['UTC', 'Europe/Rome'].map((value) => ({ value, label: value }))}
        {...form.field('zone')}
      />
      <Switch label="Asks" {...form.field('asks')} />
      <Choices
        label="Kind"
        choices={['web', 'native'].map((value) => ({ value, label: value, detail: 'A kind.' }))}
        {...form.field('kind')}
      />
      <Checks
        label="Scopes"
        choices={['read', 'write'].map((value) => ({ value, label: value }))}
        {...form.field('scopes')}
      />
      <UnsavedBar form={form} />
    </form>
  )
}

function Things() {
  const list = useList<Thing>('/things', { filters: ['q'] })
  return (
    <>
      <SearchField
        label="Search things"
        value={list.filters.q ?? ''}
        onChange={(text) => list.filter('q', text)}
      />
      <Table
        caption="Things"
        list={list}
        keyOf={({ id }) => id}
        empty={<EmptyState command="foyer things create">There is no thing yet.</EmptyState>}
        columns={[
          { title: 'Name', cell: ({ id, name }) => <a href={`/admin/${id}`}>{name}</a> },
          { title: 'State', cell: () => <StatusWord word="Active" tone="good" /> },
          { title: 'Made', cell: ({ made_at }) => <Moment at={made_at} isDay /> },
          { title: 'Count', cell: ({ count }) => count, isNumber: true },
        ]}
      />
    </>
  )
}

function Dialogs() {
  const [open, setOpen] = useState<'secret' | 'delete'>()
  const close = (): void => setOpen(undefined)
  return (
    <>
      <Button onClick={() => setOpen('secret')}>Make a secret</Button>
      <Button look="danger" onClick={() => setOpen('delete')}>
        Delete the shop
      </Button>
      <SecretOnce
        title="The new secret"
        secret={open === 'secret' ? 'fys_not_a_real_one' : undefined}
        onStored={close}
      />
      <ConfirmByName
        isOpen={open === 'delete'}
        title="Delete the shop?"
        name="Shop"
        action="Delete"
        error={new ApiError('It is in use.', { code: 'conflict', status: 409, requestId: '7kq4' })}
        onConfirm={() => {
          notify('Deleted.')
          close()
        }}
        onClose={close}
      >
        <p>Nobody can sign in by it again.</p>
      </ConfirmByName>
    </>
  )
}

const days = ['2026-11-19', '2026-11-20', '2026-11-21'].map((day, count) => ({ day, count }))
const snippets = ['curl', 'Spring'].map((title) => ({
  id: title,
  title,
  text: `${title} says\nhello`,
}))

const parts = {
  api: createApi({ fetch: (...request) => fetch(...request), onSession: sessionSeen }),
  queries: createQueries(),
}
const place = document.getElementById('app')
if (place)
  render(
    <LocationProvider>
      <PartsProvider value={parts}>
        <main>
          <Page title="The kit" above={[{ title: 'Above', href: '/admin/above' }]}>
            <Section title="Settings">
              <Settings />
            </Section>
            <Section title="Things">
              <Things />
            </Section>
            <Section title="Dialogs">
              <Dialogs />
            </Section>
            <Section title="Code">
              <CodeBlock text="cli_1" label="client id" />
              <Snippets snippets={snippets} label="Snippets" />
            </Section>
            <Section title="Days">
              <DayChart days={days} label="Sign-ins per day" />
            </Section>
          </Page>
          <Live />
        </main>
      </PartsProvider>
    </LocationProvider>,
    place,
  )
