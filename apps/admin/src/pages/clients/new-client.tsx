// Connecting an application: what kind it is, what it is called, and then everything to begin with.

import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso/router'
import { Button, ButtonLink } from '../../kit/button.tsx'
import { Choices } from '../../kit/choices.tsx'
import { ErrorSummary } from '../../kit/error-summary.tsx'
import { NotFound } from '../../kit/not-found.tsx'
import { Page } from '../../kit/page.tsx'
import { useForm } from '../../state/form.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { useUnsaved } from '../../state/unsaved.ts'
import { type CreatedClient, type Kind, kinds, linesOf } from './client.ts'
import { ConnectedClient } from './connected-client.tsx'
import { emptyRegistration, newClientOf, useLiveCheck } from './registration.ts'
import { MainFields, MoreFields } from './registration-fields.tsx'

/** The kind stands in the address: "back" leads to the choice again, and nothing that was entered is lost. */
export function NewClient() {
  const { query } = useLocation()
  const kind = isKind(query.kind) ? query.kind : undefined
  const [created, setCreated] = useState<CreatedClient>()
  const [chosen, setChosen] = useState<Kind>(kind ?? 'web')
  const [values, setValues] = useState(emptyRegistration)
  if (!useOrganisation().may('editor')) return <NotFound />
  if (created) return <ConnectedClient created={created} />
  if (!kind) return <ChooseKind chosen={chosen} onChange={setChosen} />
  return (
    <Details key={kind} kind={kind} initial={values} onLeave={setValues} onCreated={setCreated} />
  )
}

function isKind(text: string | undefined): text is Kind {
  return text !== undefined && Object.hasOwn(kinds, text)
}

const choices = Object.entries(kinds).map(([value, { title, detail }]) => ({
  value,
  label: title,
  detail,
}))

function ChooseKind({ chosen, onChange }: { chosen: Kind; onChange(kind: Kind): void }) {
  const place = useOrganisation()
  const { route } = useLocation()
  const goOn = (event: Event): void => {
    event.preventDefault()
    route(place.href(`/clients/new?kind=${chosen}`))
  }
  return (
    <Page
      title="New client"
      lead="Step 1 of 2: what is it? The kind decides how it signs people in, and never changes."
      above={[{ title: 'Clients', href: place.href('/clients') }]}
    >
      <form class="form" onSubmit={goOn}>
        <Choices
          name="kind"
          label="Kind"
          value={chosen}
          choices={choices}
          onChange={(value) => isKind(value) && onChange(value)}
        />
        <div class="actions">
          <Button type="submit" look="primary">
            Go on
          </Button>
          <ButtonLink href={place.href('/clients')} look="quiet">
            Cancel
          </ButtonLink>
        </div>
      </form>
    </Page>
  )
}

type Values = ReturnType<typeof emptyRegistration>

function Details(props: {
  kind: Kind
  initial: Values
  onLeave(values: Values): void
  onCreated(created: CreatedClient): void
}) {
  const { kind, onCreated, onLeave } = props
  const [initial] = useState(props.initial)
  const place = useOrganisation()
  const { api } = useParts()
  const { route } = useLocation()
  const form = useForm({
    initial,
    check: {
      name: (name) => (name.trim() === '' ? 'Give it a name.' : undefined),
      redirect_uris: (text) =>
        kind !== 'machine' && linesOf(text).length === 0
          ? 'Name at least one address to come back to.'
          : undefined,
    },
    save: (values, intent) =>
      api.send<CreatedClient>('POST', place.api('/clients'), {
        body: newClientOf(kind, values),
        intent,
      }),
    changes: [place.api('/clients')],
    onSaved: onCreated,
  })
  useUnsaved(form.isChanged)
  const live = useLiveCheck(kind, form.values)
  const back = (): void => {
    onLeave(form.values)
    route(place.href('/clients/new'), true)
  }
  const hasMore = kind !== 'preview'
  return (
    <Page
      title={`New client: ${kinds[kind].title.toLowerCase()}`}
      lead="Step 2 of 2: what it is called, and where customers come back to."
      above={[{ title: 'Clients', href: place.href('/clients') }]}
    >
      <form class="form" noValidate onSubmit={form.submit}>
        <ErrorSummary form={form} />
        <MainFields kind={kind} form={form} live={live} />
        {hasMore && (
          <details class="more">
            <summary>Advanced</summary>
            <MoreFields kind={kind} form={form} live={live} hasKeys />
          </details>
        )}
        <div class="actions">
          <Button type="submit" look="primary" isBusy={form.isSaving} busyLabel="Creating …">
            Create client
          </Button>
          <Button look="quiet" onClick={back}>
            Back
          </Button>
        </div>
      </form>
    </Page>
  )
}
