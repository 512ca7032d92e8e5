// Changing a client: the same fields as when it was made, with what is kept in them.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
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
  // What was begun with: a change is made on what its author saw, also when a newer one is read meanwhile.
  const [base, setBase] = useState({ client, version })
  const saved = useRef<number | undefined>(undefined)
  const initial = useMemo(() => registrationOf(base.client), [base])
  const form = useForm({
    initial,
    save: (values) =>
      api.send<Client>('PATCH', path, {
        body: changeOf(base.client, values),
        version: base.version,
      }),
    changes: [place.api('/clients')],
    onSaved(next) {
      saved.current = next.version
      notify(`${next.name} is changed. Everybody follows within seconds.`)
    },
  })
  const { isChanged } = form
  useEffect(() => {
    if (!isChanged || client.version === saved.current) setBase({ client, version })
  }, [client, version, isChanged])
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
