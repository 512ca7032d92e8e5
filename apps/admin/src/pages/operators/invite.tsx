// Invites an address: a mail with a link that works once, for that address alone.

import { Choices } from '../../kit/choices.tsx'
import { ErrorSummary } from '../../kit/error-summary.tsx'
import { Field } from '../../kit/field.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { useForm } from '../../state/form.ts'
import { notify } from '../../state/live.ts'
import { useParts } from '../../state/parts.ts'
import { type Invitation, type Reach, roleChoices } from './operator.ts'

export function Invite({ to, onClose }: { to: Reach; onClose: () => void }) {
  const { api } = useParts()
  const path = to.api('/invitations')
  const form = useForm({
    initial: { email: '', role: 'viewer' },
    check: { email: (email) => (email.includes('@') ? undefined : 'Enter an e-mail address.') },
    save: ({ email, role }, intent) =>
      api.send<Invitation>('POST', path, {
        body: to.hasRoles ? { email, role } : { email },
        intent,
      }),
    changes: [path],
    onSaved({ email }) {
      notify(`An invitation is on its way to ${email}.`)
      onClose()
    },
  })
  return (
    <FormDialog
      title={`Invite somebody to ${to.name}`}
      action="Send the invitation"
      isBusy={form.isSaving}
      busyLabel="Sending …"
      onSubmit={form.submit}
      onClose={onClose}
    >
      <ErrorSummary form={form} />
      <Field
        label="E-mail address"
        hint="The link works once, for seven days and for this address alone."
        type="email"
        {...form.field('email')}
      />
      {to.hasRoles && <Choices label="Role" choices={roleChoices} {...form.field('role')} />}
    </FormDialog>
  )
}
