// Changing a client: the same fields as when it was made, with what is kept in them.

import { useMemo } from 'preact/hooks'
import { Behind } from '../../kit/behind.tsx'
import { ErrorSummary } from '../../kit/error-summary.tsx'
import { Section } from '../../kit/page.tsx'
import { UnsavedBar } from '../../kit/unsaved-bar.tsx'
import { useEdit } from '../../state/edit.ts'
import { notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import type { Reading } from '../../state/queries.ts'
import type { Client, ClientDetails } from './client.ts'
import { changeOf, registrationOf, useLiveCheck } from './registration.ts'
import { MainFields, MoreFields } from './registration-fields.tsx'

export function ClientSettings({
  client,
  reading,
}: {
  client: ClientDetails
  reading: Reading<ClientDetails>
}) {
  const place = useOrganisation()
  const { api } = useParts()
  const path = place.api(`/clients/${client.id}`)
  const initial = useMemo(() => registrationOf(client), [client])
  const edit = useEdit({
    initial,
    reading,
    save: (values, version) =>
      api.send<Client>('PATCH', path, { body: changeOf(client, values), version }),
    changes: [place.api('/clients')],
    onSaved: (next) => notify(`${next.name} is changed. Everybody follows within seconds.`),
  })
  const { form } = edit
  const live = useLiveCheck(client.kind, form.values)
  return (
    <Section title="Settings" lead="Changes take effect within five seconds, without a restart.">
      <form class="form" noValidate onSubmit={form.submit}>
        <ErrorSummary form={form} />
        <Behind edit={edit} />
        <MainFields kind={client.kind} form={form} live={live} />
        <MoreFields kind={client.kind} form={form} live={live} />
        <UnsavedBar form={form} />
      </form>
    </Section>
  )
}
