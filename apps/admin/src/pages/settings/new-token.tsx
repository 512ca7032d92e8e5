// Makes an initial access token: for how many registrations, and until when.

import type { adminApi } from '@foyer/contract'
import { ErrorSummary } from '../../kit/error-summary.tsx'
import { Field } from '../../kit/field.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { useForm } from '../../state/form.ts'
import { useOrganisation } from '../../state/operator.ts'
import { useParts } from '../../state/parts.ts'
import { retold } from './refusal.ts'

type Made = adminApi.DataOf<typeof adminApi.registration.createRegistrationToken>

const DAY = 24 * 60 * 60 * 1000
const MOST_USES = 1000

export function NewToken({ onMade, onClose }: { onMade(token: string): void; onClose(): void }) {
  const { api } = useParts()
  const path = useOrganisation().api('/registration/tokens')
  const form = useForm({
    initial: { name: '', uses: '1', expires_at: dateIn(7) },
    check: {
      name: (name) => (name.trim() === '' ? 'Give it a name.' : undefined),
      uses: (uses) =>
        /^\d+$/.test(uses) && Number(uses) >= 1 && Number(uses) <= MOST_USES
          ? undefined
          : `Write how many registrations it is good for, 1 to ${MOST_USES}.`,
      expires_at: (date) =>
        date >= dateIn(1) && date <= dateIn(90)
          ? undefined
          : 'Choose a day from tomorrow on, at most 90 days from now.',
    },
    save: ({ name, uses, expires_at }, intent) =>
      api
        .send<Made>('POST', path, {
          body: { name, uses: Number(uses), expires_at: `${expires_at}T00:00:00Z` },
          intent,
        })
        .catch(retold({ fields: fieldNames })),
    changes: [path],
    onSaved: ({ token }) => onMade(token),
  })
  return (
    <FormDialog
      title="New initial access token"
      action="Make the token"
      isBusy={form.isSaving}
      busyLabel="Making it …"
      onSubmit={form.submit}
      onClose={onClose}
    >
      <ErrorSummary form={form} />
      <Field
        {...form.field('name')}
        label="Name"
        hint="For you and your colleagues: who registers with it."
        maxLength={80}
      />
      <Field
        {...form.field('uses')}
        label="Registrations"
        hint={`How many it is good for, at most ${MOST_USES}. One that is refused uses nothing up.`}
        type="number"
      />
      <Field
        {...form.field('expires_at')}
        label="Expires on"
        hint="At the beginning of that day (UTC), at most 90 days from now."
        type="date"
      />
    </FormDialog>
  )
}

/** As a date field has it, in UTC. */
function dateIn(days: number): string {
  return new Date(Date.now() + days * DAY).toISOString().slice(0, 10)
}

const fieldNames = {
  name: { name: 'name', label: 'The name' },
  uses: { name: 'uses', label: 'The number of registrations' },
  expires_at: { name: 'expires_at', label: 'The day' },
}
