// Changing a client: the same fields as when it was made, with what is kept in them.

import { useMemo } from 'preact/hooks'
import { ErrorSummary } from '../../kit/error-summary.tsx'
import { Section } from '../../kit/page.tsx'
import { UnsavedBar } from '../../kit/unsaved-bar.tsx'
import { useForm } from '../../state/form.ts'
import { notify } from '../../state/live.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import type { Client, ClientDetails } from './client.ts'
import { changeOf, registrationOf, useLiveCheck } from './registration.ts'
import { MainFields, MoreFields } from './registration-fields.tsx'

export function ClientSettings({
  client,
  version,
}: {
  client: ClientDetails
  version: string | undefined
}) {
  const place = useOrganisation()
  const { api } = useParts()
  const path = place.api(`/clients/${client.id}`)
  const initial = useMemo(() => registrationOf(client), [client])
  const form = useForm({
    initial,
    save: (values) => api.send<Client>('PATCH', path, { body: changeOf(client, values), version }),
    changes: [place.api('/clients')],
    onSaved: ({ name }) => notify(`${name} is changed. Everybody follows within seconds.`),
  })
  const live = useLiveCheck(client.kind, form.values)
  return (
    <Section title="Settings" lead="Changes take effect within five seconds, without a restart.">
      <form class="form" noValidate onSubmit={form.submit}>
        <ErrorSummary form={form} />
        <MainFields kind={client.kind} form={form} live={live} />
        <MoreFields kind={client.kind} form={form} live={live} />
        <UnsavedBar form={form} />
      </form>
    </Section>
  )
}
